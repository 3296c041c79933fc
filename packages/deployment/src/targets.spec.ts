import { load, component, components } from './shop.fixture.js';
import { componentWaves, findTarget, targetValues } from './targets.js';
import type { Deployment } from './component.js';

function deployment(text: string): Deployment {
  const loaded = load(text);
  if (loaded.deployment) return loaded.deployment;
  throw new Error(JSON.stringify(loaded.problems));
}

const shop = deployment(
  'deployment: { name: a, context: { default_target: dev }, targets: { dev: { cpu: 256, on: true, size: 1.10, list: [1], none: ~ }, prod: {} } }',
);

describe('findTarget', () => {
  it('takes the one that is named, else the default', () => {
    expect(findTarget(shop)?.name).toBe('dev');
    expect(findTarget(shop, 'prod')?.name).toBe('prod');
    expect(findTarget(deployment('deployment: { name: a, targets: { dev: {} } }'))).toBeUndefined();
  });

  it('refuses an unknown one with the nearest name', () => {
    expect(() => findTarget(shop, 'prd')).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNKNOWN_TARGET', hint: 'Did you mean prod?' }),
    );
  });
});

describe('targetValues', () => {
  it('are the name and the plain values of the context, as the file has them', () => {
    const [dev] = shop.targets;
    expect(dev && [...targetValues(dev)]).toEqual([
      ['target', 'dev'],
      ['context.cpu', '256'],
      ['context.on', 'true'],
      ['context.size', '1.10'],
    ]);
  });
});

describe('componentWaves', () => {
  it('order components of every type', () => {
    const text = components(
      [component('web', 'api, other:nixpack/x'), component('api', 'terraform/ecr/api')],
      'terraform: { ecr/api: {}, task: { metadata: { depends_on: [nixpack/api] } } }',
    );
    expect(componentWaves(deployment(text))).toEqual([
      ['terraform/ecr/api'],
      ['nixpack/api'],
      ['nixpack/web', 'terraform/task'],
    ]);
  });
});
