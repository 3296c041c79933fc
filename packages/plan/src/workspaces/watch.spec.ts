import { inWorkspace } from '@nx-nixpack/base';
import { memoryTree } from '../source/memory-tree.contract.js';
import { watchedPaths, type WatchedSource } from './watch.js';

const LOCK = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': {},
    'apps/api': { dependencies: { lib: '*' } },
    'libs/lib': { name: 'lib' },
    'node_modules/api': { resolved: 'apps/api', link: true },
    'node_modules/lib': { resolved: 'libs/lib', link: true },
  },
});
const ROOT = { workspaces: ['apps/*', 'libs/*'] };
const FILES = {
  'package.json': JSON.stringify(ROOT),
  'package-lock.json': LOCK,
  'apps/api/package.json': '{"name":"api","dependencies":{"lib":"*"}}',
  'apps/api/tsconfig.json': '{"extends":"../../tsconfig.base"}',
  'libs/lib/package.json': '{"name":"lib"}',
};
const watched = (
  files: Record<string, string> = {},
  workspace: WatchedSource['workspace'] = 'auto',
): readonly string[] =>
  watchedPaths(memoryTree({ ...FILES, ...files }), { source: inWorkspace`apps/api`, workspace });

describe('watchedPaths of an npm workspace', () => {
  it('names libraries, and what decides the closure, whether or not it is there', () => {
    expect(watched()).toEqual(
      expect.arrayContaining(['libs/lib/**/*', 'package.json', 'package-lock.json', '.npmrc']),
    );
  });

  it('names version files that may appear or vanish', () => {
    for (const name of ['.nvmrc', '.node-version', '.tool-versions'])
      for (const files of [{}, { [name]: '22' }]) expect(watched(files)).toContain(name);
  });

  it('names patches, also when the last one is gone', () => {
    const scripts = { postinstall: 'patch-package --patch-dir fixes' };
    const root = { 'package.json': JSON.stringify({ ...ROOT, scripts }) };
    expect(watched(root)).toContain('fixes/*.patch');
    expect(watched({ ...root, 'fixes/lib+1.0.0.patch': '' })).toContain('fixes/*.patch');
    expect(watched()).not.toContain('patches/*.patch');
  });

  it('names the ignore files above the source and its libraries', () => {
    expect(watched()).toEqual(
      expect.arrayContaining(['.gitignore', 'apps/.gitignore', 'libs/.gitignore']),
    );
    expect(watched({}, 'off')).toEqual(['apps/.gitignore', '.gitignore']);
    const moved = {
      'apps/api/tsconfig.json': '{"extends":"../../config/ts.json"}',
      'config/ts.json': '{}',
    };
    expect(watched(moved)).toContain('config/.gitignore');
  });

  it('names configurations that a library extends, also when they are gone', () => {
    expect(watched()).toContain('tsconfig.base.json');
    expect(watched({ 'tsconfig.base.json': '{}' })).toContain('tsconfig.base.json');
  });

  it('names lock files of other package managers, which would claim the source', () => {
    expect(watched()).toEqual(
      expect.arrayContaining(['yarn.lock', 'pnpm-workspace.yaml', 'apps/package.json']),
    );
  });

  it('names everything for a whole workspace, and while something does not fit together', () => {
    expect(watched({}, 'whole')).toEqual(['**/*']);
    expect(watched({ 'package-lock.json': '<<<<<<<' })).toEqual(['**/*']);
  });
});
