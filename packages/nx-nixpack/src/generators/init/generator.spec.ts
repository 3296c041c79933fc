import { logger, readJson, readNxJson, updateNxJson, type Tree } from 'nx/src/devkit-exports';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import init from './generator.js';

describe('init', () => {
  let tree: Tree;
  let told: jest.SpyInstance;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
    told = jest.spyOn(logger, 'info').mockImplementation();
  });
  afterEach(() => told.mockRestore());

  it('registers the plugin, depends on it and keeps outputs out of git', async () => {
    await init(tree, { skipFormat: true });
    expect(readNxJson(tree)?.plugins).toContainEqual({
      plugin: 'nx-nixpack',
      options: { toolchain: 'debian' },
    });
    expect(told.mock.calls.join()).toMatch(
      /nx.json: "toolchain": "debian" .*settings.nixpack.toolchain/,
    );
    expect(readJson(tree, 'package.json').devDependencies).toHaveProperty('nx-nixpack');
    expect(tree.read('.gitignore', 'utf8')).toMatch(/^\/dist$/m);
  });

  it('changes nothing the second time', async () => {
    await init(tree, { skipFormat: true });
    const files = () =>
      ['nx.json', 'package.json', '.gitignore'].map((path) => tree.read(path, 'utf8'));
    const before = files();
    told.mockClear();
    await init(tree, { skipFormat: true });
    expect(files()).toEqual(before);
    expect(told).not.toHaveBeenCalled();
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
