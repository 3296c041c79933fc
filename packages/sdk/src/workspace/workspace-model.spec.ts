import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workspaceModel } from './workspace-model.js';

const component = (name: string): string => `
      ${name}:
        vars: { source: ./services/${name}, image: { registry: r.example.com, name: ${name} } }
        settings: { nixpack: { toolchain: base, build_image: r.example.com/base } }`;
const deployment = (name: string, ...components: string[]): string =>
  `deployment:\n  name: ${name}\n  components:\n    nixpack:${components.map(component).join('')}\n`;

const manifest = (value: object): string => JSON.stringify(value);

describe('workspaceModel', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'model-'));
    write({
      'package.json': manifest({ name: 'shop', workspaces: ['services/*', 'libs/*'] }),
      'services/api/package.json': manifest({ name: 'api', dependencies: { lib: '*' } }),
      'services/api/main.js': 'first',
      'services/web/index.html': '',
      'libs/lib/package.json': manifest({ name: 'lib' }),
      'package-lock.json': manifest(lock()),
      'deployments/shop.yaml': deployment('shop', 'api'),
    });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('gives components that name no toolchain that of the workspace', () => {
    write({ 'deployments/shop.yaml': deployment('shop', 'api').replace('toolchain: base, ', '') });
    const toolchain = (options: Parameters<typeof workspaceModel>[1]) => {
      const [component] = workspaceModel(root, options).workspace.deployments[0]?.components ?? [];
      return component?.type === 'nixpack' && component.settings.toolchain;
    };
    expect(toolchain({ toolchain: 'debian' })).toBe('debian');
    expect(toolchain({ toolchain: 'base' })).toBe('base');
    expect(toolchain({})).toBe('nix');
  });

  const lock = (dependencies: object = { lib: '*' }) => ({
    name: 'shop',
    lockfileVersion: 3,
    packages: {
      '': { name: 'shop', workspaces: ['services/*', 'libs/*'] },
      'services/api': { name: 'api', dependencies },
      'libs/lib': { name: 'lib' },
      'node_modules/api': { resolved: 'services/api', link: true },
      'node_modules/lib': { resolved: 'libs/lib', link: true },
    },
  });

  function write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  /** Names of the components that are there now; what is wrong when something is. */
  function components(): readonly string[] {
    const { problems, deployments } = workspaceModel(root).workspace;
    if (problems.length > 0) return problems.map(({ code }) => code);
    return deployments.flatMap((one) => one.components.map(({ name }) => name));
  }

  function watched(): readonly string[] {
    const model = workspaceModel(root);
    const [api] = model.workspace.deployments.flatMap((one) => one.components);
    if (api?.type !== 'nixpack') throw new Error('no component');
    return model.watchedPaths(api);
  }

  it('makes sense of a file once while nothing changes, whoever asks', () => {
    const [first] = workspaceModel(root).workspace.deployments;
    write({ 'deployments/other.yaml': deployment('other', 'web') });
    const deployments = workspaceModel(root).workspace.deployments;
    expect(deployments.map(({ name }) => name)).toEqual(['other', 'shop']);
    expect(deployments[1]).toBe(first);
  });

  it('notices an edit that keeps size and times', () => {
    const path = join(root, 'deployments/shop.yaml');
    utimesSync(path, 1, 1);
    expect(components()).toEqual(['api']);
    write({ 'deployments/shop.yaml': deployment('shop', 'web') });
    utimesSync(path, 1, 1);
    expect(statSync(path).mtimeMs).toBe(1000);
    expect(components()).toEqual(['web']);
  });

  it('notices deployment files that appear, vanish and come back', () => {
    expect(components()).toEqual(['api']);
    write({ 'deployments/team/more.yml': deployment('more', 'web') });
    expect(components()).toEqual(['api', 'web']);
    rmSync(join(root, 'deployments/shop.yaml'));
    expect(components()).toEqual(['web']);
    write({ 'deployments/shop.yaml': deployment('shop', 'api') });
    expect(components()).toEqual(['api', 'web']);
  });

  it('notices a source that vanishes and comes back, although its file is the same', () => {
    write({ 'deployments/web.yaml': deployment('web', 'web') });
    expect(components()).toEqual(['api', 'web']);
    rmSync(join(root, 'services/web'), { recursive: true });
    expect(components()).toEqual(['SOURCE_MISSING']);
    write({ 'services/web/index.html': '' });
    expect(components()).toEqual(['api', 'web']);
  });

  it('computes a closure once, and again when a manifest changes, appears or vanishes', () => {
    const first = watched();
    expect(first).toContain('libs/lib/**/*');
    write({
      'services/api/main.js': 'edited',
      'deployments/shop.yaml': `# x\n${deployment('shop', 'api')}`,
    });
    expect(watched()).toBe(first);

    write({
      'services/api/package.json': manifest({ name: 'api' }),
      'package-lock.json': manifest(lock({})),
    });
    expect(watched()).not.toContain('libs/lib/**/*');

    rmSync(join(root, 'package.json'));
    expect(watched()).not.toContain('libs/lib/**/*');
    write({
      'package.json': manifest({ name: 'shop', workspaces: ['services/*', 'libs/*'] }),
      'services/api/package.json': manifest({ name: 'api', dependencies: { lib: '*' } }),
      'package-lock.json': manifest(lock()),
    });
    expect(watched()).toEqual(first);
  });

  it('answers for the options that it is given', () => {
    write({ 'infra/x.yaml': deployment('infra', 'web') });
    const named = (deployments: string) =>
      workspaceModel(root, { deployments }).workspace.deployments.map(({ name }) => name);
    expect([named('infra/*.yaml'), named('deployments/*.yaml')]).toEqual([['infra'], ['shop']]);
  });
});
