import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findComponent } from './find-component.js';
import { readWorkspace } from './read-workspace.js';

const DEPLOYMENT = `deployment:
  name: shop
  components:
    nixpack:
      api:
        vars: { source: ./api, image: { registry: r.example.com, name: api } }
        settings: { nixpack: { toolchain: base, build_image: r.example.com/base } }
    terraform:
      ecr/api: {}
`;

describe('findComponent', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'find-component-'));
    for (const directory of ['api', 'deployments']) mkdirSync(join(root, directory));
    writeFileSync(join(root, 'deployments/shop.yaml'), DEPLOYMENT);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const find = (id: string, deployment = 'shop') =>
    findComponent(readWorkspace(root), deployment, id);

  it('finds a component by its id', () => {
    const { deployment, component } = find('nixpack/api');
    expect([deployment.name, component.id]).toEqual(['shop', 'nixpack/api']);
  });

  it.each([
    ['api', 'A component is named by its id: nixpack/api.'],
    ['nixpack/apo', 'Did you mean nixpack/api?'],
    ['nixpack/nothing-like-it', 'Use one of: nixpack/api.'],
    ['terraform/ecr/api', 'It has no image; use one of: nixpack/api.'],
  ])('refuses %s and says what to write', (id, hint) => {
    expect(() => find(id)).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNKNOWN_COMPONENT', hint }) as Error,
    );
  });

  it('names the deployments that there are', () => {
    expect(() => find('nixpack/api', 'shpo')).toThrow(
      expect.objectContaining({ hint: 'Did you mean shop?' }) as Error,
    );
  });
});
