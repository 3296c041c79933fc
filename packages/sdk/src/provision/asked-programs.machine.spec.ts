import { AskedPrograms, expectedOf, wishesOf, type Asking } from './asked-programs.contract.js';

const programs = new AskedPrograms();
afterAll(() => programs.remove());

const manifest = (fields: object) => ({ 'package.json': JSON.stringify(fields), 'index.js': '' });
const NODE = 'node --version';

const REGISTRIES: readonly Asking[] = [
  {
    files: manifest({ engines: { node: '20.11.1' }, packageManager: 'pnpm@9.1.0' }),
    answers: { node: [NODE, /^v20\.11\.1$/], pnpm: ['pnpm --version', /^9\.1\.0$/] },
  },
  {
    files: { ...manifest({}), 'bun.lock': '', '.bun-version': '1.1.38' },
    answers: { bun: ['bun --version', /^1\.1\.38$/] },
  },
  {
    files: { 'deno.json': '{}', 'index.ts': '', '.dvmrc': '2.1.4' },
    answers: { deno: ['deno --version', /^deno 2\.1\.4 /] },
  },
  {
    files: { 'go.mod': 'module example.com/x\n\ngo 1.22.0\ntoolchain go1.22.3\n', 'main.go': '' },
    answers: { go: ['go version', /^go version go1\.22\.([3-9]|\d\d) /] },
  },
  {
    files: { 'main.py': '', '.python-version': '3.12\n' },
    answers: { python: ['python --version', /^Python 3\.12\./] },
  },
  {
    files: { 'build.zig': '', 'build.zig.zon': '.{ .minimum_zig_version = "0.13.0" }' },
    answers: { zig: ['zig version', /^0\.13\.0$/] },
  },
];

/** Versions that an image cannot hold beside others of the same program. */
const MORE_OF_NODE: readonly Asking[] = [
  {
    files: manifest({ engines: { node: '^22.12.0' }, packageManager: 'yarn@4.1.0' }),
    answers: { node: [NODE, /^v22\./], yarn: ['yarn --version', /^4\.1\.0$/] },
  },
  {
    files: manifest({ packageManager: 'npm@10.5.0' }),
    answers: { npm: ['npm --version', /^10\.5\.0$/] },
  },
];

it.each([
  ["Node's other versions", MORE_OF_NODE],
  ['registries of languages', REGISTRIES],
])('programs of %s are those that the files ask for', async (_what, projects) => {
  expect(projects.flatMap(wishesOf)).toHaveLength(Object.keys(expectedOf(projects)).length);
  expect(await programs.answers(projects)).toMatchObject({ lines: expectedOf(projects) });
});
