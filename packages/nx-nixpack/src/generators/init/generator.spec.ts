import { readJson, readNxJson, updateNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import init from './generator.js';

describe('init', () => {
  let tree: Tree;
  beforeEach(() => (tree = createTreeWithEmptyWorkspace()));

  it('registers the plugin, depends on it and keeps outputs out of git', async () => {
    await init(tree, { skipFormat: true });
    expect(readNxJson(tree)?.plugins).toContain('nx-nixpack');
    expect(readJson(tree, 'package.json').devDependencies).toHaveProperty('nx-nixpack');
    expect(tree.read('.gitignore', 'utf8')).toMatch(/^\/dist$/m);
  });

  it('changes nothing the second time', async () => {
    await init(tree, { skipFormat: true });
    const files = () =>
      ['nx.json', 'package.json', '.gitignore'].map((path) => tree.read(path, 'utf8'));
    const before = files();
    await init(tree, { skipFormat: true });
    expect(files()).toEqual(before);
  });

  it('keeps options that a user has set', async () => {
    const plugin = { plugin: 'nx-nixpack', options: { buildTargetName: 'image' } };
    updateNxJson(tree, { plugins: [plugin] });
    await init(tree, { skipFormat: true });
    expect(readNxJson(tree)?.plugins).toEqual([plugin]);
  });

  it('keeps what is ignored already as it is written', async () => {
    tree.write('.gitignore', 'dist/\nother');
    await init(tree, { skipFormat: true });
    expect(tree.read('.gitignore', 'utf8')).toBe('dist/\nother\n/.bases\n');
  });
});
