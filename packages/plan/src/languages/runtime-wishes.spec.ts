import { memoryTree } from '../source/memory-tree.contract.js';
import { deno } from './deno.js';
import { parseEnvironment } from './environment.js';
import { go } from './go.js';
import { node } from './node/index.js';
import type { Provider } from './provider.js';
import { python } from './python/index.js';
import { zig } from './zig.js';

type Files = Readonly<Record<string, string>>;

/** `<name> <version> (<from>)` of each runtime that a provider names. */
function wishes(provider: Provider, files: Files, env: readonly string[] = []): readonly string[] {
  const target = { arch: 'x86_64', conformance: false } as const;
  const provided = provider.plan(memoryTree(files), parseEnvironment(env), target);
  return (provided?.hints?.runtimes ?? []).map(({ name, version = '', from = '' }) =>
    `${name} ${version} (${from})`.replaceAll(' ()', ''),
  );
}

const manifest = (fields: object): Files => ({ 'package.json': JSON.stringify(fields) });
const pyproject = (text: string): Files => ({ 'pyproject.toml': text, 'main.py': '' });

describe('node', () => {
  it.each<[string, Files, string[]]>([
    ['nothing', manifest({}), ['node 22']],
    [
      'engines',
      manifest({ engines: { node: '>=18 <21' } }),
      ['node >=18 <21 (engines.node of package.json)'],
    ],
    ['.nvmrc', { ...manifest({}), '.nvmrc': 'lts/iron\n' }, ['node lts/iron (.nvmrc)']],
    [
      'a file that says more than the range',
      { ...manifest({ engines: { node: '>=18' } }), '.nvmrc': 'v20.11.1\n' },
      ['node v20.11.1 (.nvmrc)'],
    ],
    [
      'a file that the range excludes',
      { ...manifest({ engines: { node: '^22' } }), '.nvmrc': '20' },
      ['node ^22 (engines.node of package.json)'],
    ],
    [
      '.node-version with a comment',
      { ...manifest({}), '.node-version': '# ours\n20.11.1 # pinned\n' },
      ['node 20.11.1 (.node-version)'],
    ],
    [
      'volta',
      manifest({ volta: { node: '20.9.0' } }),
      ['node 20.9.0 (volta.node of package.json)'],
    ],
    [
      '.tool-versions',
      { ...manifest({}), '.tool-versions': 'python 3.12\nnodejs 20.1.0 18.0.0\n' },
      ['node 20.1.0 (.tool-versions)'],
    ],
    [
      'mise.toml',
      { ...manifest({}), 'mise.toml': '[tools]\nnode = { version = "22.1" }\n' },
      ['node 22.1 (mise.toml)'],
    ],
    [
      'pnpm of the manifest',
      manifest({ packageManager: 'pnpm@9.1.0+sha256.ab' }),
      ['node 22', 'pnpm 9.1.0+sha256.ab (packageManager of package.json)'],
    ],
    [
      'pnpm of the lock file',
      { ...manifest({}), 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
      ['node 22', 'pnpm 9 (pnpm-lock.yaml)'],
    ],
    [
      'pnpm with settings of version 10',
      {
        ...manifest({}),
        'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
        'pnpm-workspace.yaml': 'onlyBuiltDependencies:\n  - esbuild\n',
      },
      ['node 22', 'pnpm 10 (pnpm-lock.yaml)'],
    ],
    ['yarn 1', { ...manifest({}), 'yarn.lock': '# yarn lockfile v1\n' }, ['node 22']],
    [
      'yarn 4',
      { ...manifest({}), 'yarn.lock': '__metadata:\n  version: 8\n' },
      ['node 22', 'yarn 4 (yarn.lock)'],
    ],
    [
      'npm',
      manifest({ packageManager: 'npm@9.9.4' }),
      ['node 22', 'npm 9.9.4 (packageManager of package.json)'],
    ],
    ['npm, at least', manifest({ engines: { npm: '>=8' } }), ['node 22']],
    [
      'bun',
      { ...manifest({}), 'bun.lock': '', '.bun-version': '1.1.0' },
      ['node 22', 'bun 1.1.0 (.bun-version)'],
    ],
  ])('%s', (_what, files, expected) => {
    expect(wishes(node, files)).toEqual(expected);
  });

  it('heeds the variable before all files', () => {
    const files = manifest({ engines: { node: '18' } });
    expect(wishes(node, files, ['NIXPACKS_NODE_VERSION=20'])).toEqual([
      'node 20 (NIXPACKS_NODE_VERSION)',
    ]);
  });
});

describe('python', () => {
  it.each<[string, Files, string[]]>([
    ['nothing', { 'main.py': '' }, []],
    [
      '.python-version with comments and several versions',
      { 'main.py': '', '.python-version': '# ours\n3.14.0\n3.12\n' },
      ['python 3.14.0 (.python-version)'],
    ],
    ['the system', { 'main.py': '', '.python-version': 'system\n' }, []],
    [
      'a prerelease',
      { 'main.py': '', '.python-version': '3.14.0rc1' },
      ['python 3.14.0 (.python-version)'],
    ],
    [
      'runtime.txt',
      { 'main.py': '', 'runtime.txt': 'python-3.11.4\n' },
      ['python python-3.11.4 (runtime.txt)'],
    ],
    [
      'pins that are too old for the newest',
      { 'main.py': '', 'requirements.txt': 'Flask==3.0\nnumpy==1.26.4\n' },
      ['python <3.12 (numpy 1.26.4 of requirements.txt)'],
    ],
    [
      'pins that are older still',
      { 'main.py': '', 'requirements.txt': 'numpy==1.26.4\nDjango==2.2.1 # old\n' },
      ['python <3.10 (Django 2.2.1 of requirements.txt)'],
    ],
    ['pins that are new', { 'main.py': '', 'requirements.txt': 'numpy==2.1.0\n' }, []],
    [
      'pins of a lock file within a range',
      {
        ...pyproject('[tool.poetry.dependencies]\npython = "^3.8"\n'),
        'poetry.lock': '[[package]]\nname = "pandas"\nversion = "1.5.3"\n',
      },
      ['python ^3.8,<3.12 (dependencies.python of pyproject.toml and pandas 1.5.3 of poetry.lock)'],
    ],
    [
      'pins beside a version that is named',
      { 'main.py': '', '.python-version': '3.13', 'requirements.txt': 'numpy==1.26.4\n' },
      ['python 3.13 (.python-version)'],
    ],
    ['Pipfile', { Pipfile: '[requires]\npython_version = "3.10"\n' }, ['python 3.10 (Pipfile)']],
    [
      'requires-python',
      pyproject('[project]\nrequires-python = ">=3.9,<3.13"\n'),
      ['python >=3.9,<3.13 (project.requires-python of pyproject.toml)'],
    ],
    [
      'poetry',
      pyproject('[tool.poetry.dependencies]\npython = "^3.11"\n'),
      ['python ^3.11 (dependencies.python of pyproject.toml)'],
    ],
    [
      '.tool-versions',
      { 'main.py': '', '.tool-versions': 'python 3.12.4\n' },
      ['python 3.12.4 (.tool-versions)'],
    ],
  ])('%s', (_what, files, expected) => {
    expect(wishes(python, files)).toEqual(expected);
  });
});

describe('go, zig and deno', () => {
  it.each<[Provider, Files, string[]]>([
    [go, { 'main.go': 'package main' }, ['go ']],
    [go, { 'go.mod': 'module x\n\ngo 1.20\n' }, ['go 1.20 (go.mod)']],
    [go, { 'go.mod': 'module x\n\ngo 1.21\ntoolchain go1.22.3\n' }, ['go 1.22.3 (go.mod)']],
    [
      zig,
      { 'build.zig': '', 'build.zig.zon': '.{ .minimum_zig_version = "0.13.0" }' },
      ['zig 0.13.0 (build.zig.zon)'],
    ],
    [zig, { 'build.zig': '' }, []],
    [deno, { 'deno.json': '{}', '.dvmrc': 'v2.1.4' }, ['deno v2.1.4 (.dvmrc)']],
    [deno, { 'deno.json': '{}' }, []],
  ])('%o of %o', (provider, files, expected) => {
    expect(wishes(provider, files)).toEqual(expected);
  });
});
