import { load } from '../shop.fixture.js';
import { targetValues } from './values.js';
import type { Deployment } from '../component.js';

function deployment(text: string): Deployment {
  const loaded = load(text);
  if (loaded.deployment) return loaded.deployment;
  throw new Error(JSON.stringify(loaded.problems));
}

const shop = deployment(
  'deployment: { name: a, context: { default_target: dev }, targets: { dev: { cpu: 256, on: true, size: 1.10, list: [1], none: ~ }, prod: {} } }',
);

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
