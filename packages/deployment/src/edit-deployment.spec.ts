import { deploymentNameIn, emptyDeployment, withImageComponent } from './edit-deployment.js';
import { load } from './shop.fixture.js';

const BASE = {
  vars: { base: { runtimes: { node: '22' } } },
  settings: { nixpack: { publish: false } },
};

describe('a deployment file that is edited', () => {
  it('gets a component, and keeps its comments', () => {
    const text = `# ours
deployment:
  name: shop # the shop
  components:
    nixpack:
      api: { vars: { source: services/api, image: { registry: r.example.com, name: api } } }
`;
    const edited = withImageComponent({ file: 'shop.yaml', text }, 'node', BASE);
    expect(edited).toContain('# ours\ndeployment:\n  name: shop # the shop');
    const { deployment, problems } = load(edited);
    expect(problems).toEqual([]);
    expect(deployment?.components.map(({ id }) => id)).toEqual(['nixpack/api', 'nixpack/node']);
  });

  it('may be new', () => {
    const edited = withImageComponent({ file: 'a.yaml', text: emptyDeployment('a') }, 'node', BASE);
    expect(load(edited).deployment?.components).toMatchObject([
      { name: 'node', vars: { base: { runtimes: { node: '22' }, purpose: 'build' } } },
    ]);
    expect(deploymentNameIn(edited)).toBe('a');
  });

  it('is refused when it has the component, or is no YAML', () => {
    const edited = withImageComponent({ file: 'a.yaml', text: emptyDeployment('a') }, 'node', BASE);
    expect(() => withImageComponent({ file: 'a.yaml', text: edited }, 'node', BASE)).toThrow(
      'there is a component "node" already',
    );
    expect(() => withImageComponent({ file: 'a.yaml', text: 'a: [' }, 'node', BASE)).toThrow(
      'not YAML',
    );
  });
});
