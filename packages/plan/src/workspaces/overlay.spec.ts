import { readFileBytes, walk, inWorkspace } from '@nx-nixpack/base';
import { plainLayout } from './index.js';
import type { Closure } from './ecosystem.js';
import { npm as ecosystem } from './npm/index.js';
import { sourceTree } from '../source/listed-tree.js';
import { memoryFiles } from '../source/memory-tree.contract.js';
import { overlay } from './overlay.js';

const FILES = {
  'package.json': '{"packageManager":"npm@11.0.0","workspaces":["apps/*"]}',
  'package-lock.json': 'root lock',
  '.nvmrc': '22',
  '.tool-versions': 'nodejs 20',
  'README.md': 'root',
  'apps/api/package.json': '{"name":"api"}',
  'apps/api/src/main.js': 'main',
  'apps/api/.tool-versions': 'nodejs 24',
};
const npm: Closure = { ...plainLayout(inWorkspace`apps/api`), ecosystem };
const view = (closure: Closure, files: Record<string, string> = FILES) =>
  overlay(memoryFiles(files), closure);

describe('overlay', () => {
  it('shows the source as root with what it lacks of the fixed list', () => {
    const paths = [...walk(view(npm))].map(({ path }) => path);
    expect(paths).toEqual([
      '.nvmrc',
      '.tool-versions',
      'package-lock.json',
      'package.json',
      'src',
      'src/main.js',
    ]);
  });

  it('lets own files win and adds the package manager', () => {
    const tree = sourceTree(view(npm), { name: 'api' });
    expect(tree.read('.tool-versions')).toBe('nodejs 24');
    expect(tree.read('package-lock.json')).toBe('root lock');
    expect(JSON.parse(tree.read('package.json') ?? '')).toEqual({
      name: 'api',
      packageManager: 'npm@11.0.0',
    });
    const own = { ...FILES, 'apps/api/package.json': '{"packageManager":"pnpm@9.0.0"}' };
    expect(sourceTree(view(npm, own), { name: 'api' }).read('package.json')).toBe(
      own['apps/api/package.json'],
    );
  });

  it('tells sizes that fit the contents', () => {
    const tree = view(npm);
    for (const entry of walk(tree))
      if (entry.type === 'file') expect(readFileBytes(tree, entry.path)).toHaveLength(entry.size);
  });

  it('adds nothing to a source that no workspace claims', () => {
    const paths = [...walk(view(plainLayout(inWorkspace`apps/api`)))].map(({ path }) => path);
    expect(paths).toEqual(['.tool-versions', 'package.json', 'src', 'src/main.js']);
  });
});
