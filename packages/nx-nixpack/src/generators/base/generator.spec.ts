import { logger, type Tree } from 'nx/src/devkit-exports';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import base from './generator.js';

describe('base', () => {
  let tree: Tree;
  let told: jest.SpyInstance;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
    told = jest.spyOn(logger, 'info').mockImplementation();
  });
  afterEach(() => told.mockRestore());

  it('makes a deployment with a base that stays on this machine', async () => {
    await base(tree, { language: 'node@22', tools: 'yarn, pnpm@9', skipFormat: true });
    expect(tree.read('deployments/bases.yaml', 'utf8')).toBe(`deployment:
  name: bases
  components:
    nixpack:
      node-22:
        vars:
          base:
            runtimes:
              node: "22"
              yarn: ""
              pnpm: "9"
            purpose: build
        settings:
          nixpack:
            publish: false
`);
    expect(told.mock.calls.join()).toContain('build_image: "{{ nixpack.node-22.ref }}"');
  });

  it('adds it to the deployment that is there', async () => {
    tree.write('deployments/shop.yaml', '# ours\ndeployment:\n  name: shop\n');
    await base(tree, {
      language: 'python',
      version: '3.13',
      name: 'runner',
      purpose: 'run',
      image: 'registry.example.com/bases/python',
      skipFormat: true,
    });
    const text = tree.read('deployments/shop.yaml', 'utf8');
    expect(text).toMatch(/^# ours\ndeployment:/);
    expect(text).toContain('registry: registry.example.com\n            name: bases/python');
    expect(tree.exists('deployments/bases.yaml')).toBe(false);
  });

  it('refuses what it cannot know', async () => {
    await expect(base(tree, { language: 'nod' })).rejects.toThrow('no runtime');
    tree.write('deployments/a.yaml', 'deployment:\n  name: a\n');
    tree.write('deployments/b.yaml', 'deployment:\n  name: b\n');
    await expect(base(tree, { language: 'node' })).rejects.toThrow('several deployments');
    await expect(base(tree, { language: 'node', deployment: 'c' })).rejects.toThrow(
      'no deployment "c"',
    );
  });
});
