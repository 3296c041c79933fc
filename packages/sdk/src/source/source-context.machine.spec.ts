import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readFileBytes, walk, inWorkspace } from '@nx-nixpack/base';
import { sourceContext, type SourceContext } from './source-context.js';

/** A workspace as teams have them: an override out of range, an alias, peers, an optional package, a local folder. */
const WORKSPACE: Readonly<Record<string, string | object>> = {
  '.gitignore': 'node_modules\ndist\n',
  'package.json': {
    name: 'acme',
    private: true,
    workspaces: ['apps/*', 'packages/*'],
    scripts: { postinstall: 'node tools/postinstall.js' },
    devDependencies: {
      typescript: '~5.4.5',
      prettier: '^3.2.0',
      '@types/node': '^20.0.0',
      '@types/react': '^18.0.0',
    },
    overrides: { qs: '6.9.7' },
  },
  'tools/postinstall.js': 'process.exit(0)',
  'tsconfig.base.json':
    '{ "compilerOptions": { "composite": true, "module": "commonjs", "target": "es2020", "esModuleInterop": true, "types": ["node"] } } // shared',
  'apps/api/package.json': {
    name: '@acme/api',
    version: '1.0.0',
    scripts: { build: 'tsc -b', start: 'node dist/main.js', format: 'prettier --check .' },
    dependencies: {
      '@acme/shared': '*',
      express: '^4.18.0',
      odd: 'npm:is-odd@3.0.1',
      vendored: 'file:../../vendor/x',
    },
    devDependencies: { '@types/express': '^4.17.0' },
  },
  'apps/api/tsconfig.json':
    '{ "extends": "../../tsconfig.base.json", "compilerOptions": { "outDir": "dist", "rootDir": "src" }, "include": ["src"], "references": [{ "path": "../../packages/shared" }] }',
  'apps/api/src/main.ts':
    "import express from 'express';\nimport { greeting } from '@acme/shared';\nconsole.log(greeting('api'), typeof express, require('odd')(3), require('vendored'), require('qs/package.json').version);\nexport type App = express.Application;\n",
  'packages/shared/package.json': {
    name: '@acme/shared',
    version: '1.0.0',
    main: 'dist/index.js',
    types: 'dist/index.d.ts',
    scripts: { build: 'tsc -b' },
    dependencies: {
      '@acme/logger': '*',
      rimraf: '^5.0.0',
      'use-sync-external-store': '^1.2.0',
      react: '^18.2.0',
    },
    optionalDependencies: { fsevents: '^2.3.0' },
    devDependencies: { mitt: '^3.0.0' },
  },
  'packages/shared/tsconfig.json':
    '{ "extends": "../../tsconfig.base.json", "compilerOptions": { "outDir": "dist", "rootDir": "src" }, "include": ["src"], "references": [{ "path": "../logger" }] }',
  'packages/shared/src/index.ts':
    "import { log } from '@acme/logger';\nexport const greeting = (name: string): string => log(`hello ${name}`);\n",
  'packages/logger/package.json': {
    name: '@acme/logger',
    version: '1.0.0',
    main: 'dist/index.js',
    types: 'dist/index.d.ts',
    scripts: { build: 'tsc -b' },
    dependencies: { pino: '^8.0.0' },
  },
  'packages/logger/tsconfig.json':
    '{ "extends": "../../tsconfig.base.json", "compilerOptions": { "outDir": "dist", "rootDir": "src" }, "include": ["src"] }',
  'packages/logger/src/index.ts': 'export const log = (text: string): string => `[log] ${text}`;\n',
  'apps/web/package.json': {
    name: '@acme/web',
    dependencies: { '@acme/ui': '*', lodash: '^4.17.0', pino: '^7.0.0', 'react-dom': '^18.2.0' },
  },
  'apps/web/src/main.ts': 'MARKER',
  'packages/ui/package.json': { name: '@acme/ui', dependencies: { 'is-odd': '^2.0.0' } },
  'vendor/x/package.json': {
    name: 'vendored',
    version: '1.0.0',
    main: 'index.js',
    dependencies: { ms: '^2.0.0' },
  },
  'vendor/x/index.js': "module.exports = require('ms')('1s');\n",
};

type Lock = { packages: Record<string, Record<string, unknown>> };

let scratch: string;
let full: string;
let part: string;
let found: SourceContext;

function npm(directory: string, ...args: string[]): { code: number | null; output: string } {
  const { NPM_CONFIG_PRODUCTION: _, NODE_ENV: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], {
    cwd: directory,
    env,
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

function put(directory: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(
      join(directory, path),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  }
}

function unpack({ tree }: SourceContext, directory: string): void {
  mkdirSync(directory);
  for (const { path, type, mode, target } of walk(tree)) {
    const place = join(directory, path);
    if (type === 'directory') mkdirSync(place);
    else if (type === 'symlink') symlinkSync(target ?? '', place);
    else writeFileSync(place, readFileBytes(tree, path));
    if (type === 'file') chmodSync(place, mode);
  }
}

/** Compared whole, so that a failure shows what npm said. */
const succeeded = { code: 0, output: expect.any(String) as string };
const lockAt = (path: string): Lock => JSON.parse(readFileSync(path, 'utf8')) as Lock;
/** Place and version of everything that npm installed. */
const installed = (directory: string): readonly string[] =>
  Object.entries(lockAt(join(directory, 'node_modules/.package-lock.json')).packages)
    .filter(([key, { link }]) => key.includes('node_modules/') && link !== true)
    .map(([key, { version }]) => `${key}@${String(version)}`);
const contextOf = (source: string, workspaceRoot = full): SourceContext =>
  sourceContext({ workspaceRoot, source: inWorkspace`${source}`, workspace: 'auto', include: [] });

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'npm-closure-'));
  full = join(scratch, 'full');
  part = join(scratch, 'part');
  put(full, WORKSPACE);
  expect(npm(full, 'install')).toEqual(succeeded);
  found = contextOf('apps/api');
  unpack(found, part);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('derives a lock file that npm ci accepts as it is', () => {
  const before = readFileSync(join(part, 'package-lock.json'), 'utf8');
  expect(npm(part, 'ci')).toEqual(succeeded);
  expect(readFileSync(join(part, 'package-lock.json'), 'utf8')).toBe(before);
  expect(npm(part, 'ls', '--all')).toEqual(succeeded);
});

it('installs a subset of the whole workspace: the same versions at the same places', () => {
  const whole = new Set(installed(full));
  const ours = installed(part);
  expect(ours.filter((each) => !whole.has(each))).toEqual([]);
  expect(ours.length).toBeGreaterThan(100);
  expect(ours.length).toBeLessThan(whole.size);
  expect(ours).toEqual(
    expect.arrayContaining([
      'node_modules/qs@6.9.7',
      'node_modules/react@18.3.1',
      'node_modules/odd@3.0.1',
    ]),
  );
  expect(ours.join('\n')).not.toMatch(/lodash|prettier|react-dom|@types\/react/);
});

it('has the flags that npm computes when it must', () => {
  const copy = join(scratch, 'flags');
  unpack(found, copy);
  const { '': root, ...ours } = lockAt(join(copy, 'package-lock.json')).packages;
  // npm trusts the flags of a lock file until the root's dependencies differ from it.
  const manifest = readFileSync(join(copy, 'package.json'), 'utf8');
  writeFileSync(join(copy, 'package.json'), manifest.replace('~5.4.5', '>=5.4.0 <5.5.0'));
  const bare = Object.entries(ours).map(([key, { dev: _, optional: __, peer: ___, ...entry }]) => [
    key,
    entry,
  ]);
  const packages = { '': root, ...(Object.fromEntries(bare) as Lock['packages']) };
  put(copy, { 'package-lock.json': { lockfileVersion: 3, requires: true, packages } });
  expect(npm(copy, 'install', '--package-lock-only', '--ignore-scripts')).toEqual(succeeded);
  const { '': _, ...theirs } = lockAt(join(copy, 'package-lock.json')).packages;
  expect(theirs).toEqual(ours);
});

it('builds libraries first, runs, and still runs without development dependencies', () => {
  const members = found.closure?.members.filter(({ kind }) => kind === 'workspace') ?? [];
  const workspaces = members.flatMap(({ name }) => ['-w', name]);
  expect(npm(part, 'run', 'build', ...workspaces, '--if-present')).toEqual(succeeded);
  expect(npm(join(part, 'apps/api'), 'run', 'build')).toEqual(succeeded);
  const start = (): string => npm(join(part, 'apps/api'), 'run', '-s', 'start').output.trim();
  expect(start()).toBe('[log] hello api function true 1000 6.9.7');
  expect(npm(part, 'prune', '--omit=dev')).toEqual(succeeded);
  expect(start()).toBe('[log] hello api function true 1000 6.9.7');
  expect(npm(part, 'ls', '--all', '--omit=dev')).toEqual(succeeded);
  expect(installed(part).join('\n')).not.toMatch(/typescript|mitt|@types/);
});

it('is refused by npm ci when the lock file was tampered with', () => {
  const copy = join(scratch, 'tampered');
  unpack(found, copy);
  const lock = lockAt(join(copy, 'package-lock.json'));
  delete lock.packages['node_modules/express'];
  writeFileSync(join(copy, 'package-lock.json'), JSON.stringify(lock));
  expect(npm(copy, 'ci', '--ignore-scripts').output).toMatch(/Missing: express@/);
});

it.each(['apps/web', 'packages/shared', 'packages/logger', 'packages/ui'])(
  'gives %s a lock file that npm ci accepts too',
  (source) => {
    const copy = join(scratch, source.replace('/', '-'));
    unpack(contextOf(source), copy);
    expect(npm(copy, 'ci', '--ignore-scripts')).toEqual(succeeded);
    const whole = new Set(installed(full));
    expect(installed(copy).filter((each) => !whole.has(each))).toEqual([]);
  },
);

it('accepts lockfileVersion 2', () => {
  const old = join(scratch, 'old');
  cpSync(full, old, { recursive: true, filter: (path) => !path.includes('node_modules') });
  expect(
    npm(old, 'install', '--package-lock-only', '--ignore-scripts', '--lockfile-version=2'),
  ).toEqual(succeeded);
  const copy = join(scratch, 'old-part');
  unpack(contextOf('apps/api', old), copy);
  expect(readFileSync(join(copy, 'package-lock.json'), 'utf8')).toContain('"lockfileVersion": 2');
  expect(npm(copy, 'ci', '--ignore-scripts')).toEqual(succeeded);
});

it('does not change when npm bumps a package that only web uses', () => {
  const bumped = join(scratch, 'bumped');
  cpSync(full, bumped, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const before = contextOf('apps/api', bumped).digest;
  expect(before).toBe(found.digest);
  expect(
    npm(
      bumped,
      'install',
      '--package-lock-only',
      '--ignore-scripts',
      '-w',
      'apps/web',
      'lodash@4.17.15',
    ),
  ).toEqual(succeeded);
  expect(readFileSync(join(bumped, 'package-lock.json'), 'utf8')).toContain('4.17.15');
  expect(contextOf('apps/api', bumped).digest).toBe(before);
});
