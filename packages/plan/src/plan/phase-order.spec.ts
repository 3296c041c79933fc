import { phaseOrder } from './phase-order.js';

const order = (phases: Readonly<Record<string, readonly string[]>>): readonly string[] =>
  phaseOrder({
    phases: Object.fromEntries(
      Object.entries(phases).map(([name, dependsOn]) => [name, { dependsOn }]),
    ),
  });

describe('phaseOrder', () => {
  it('goes round by round, by name in each', () => {
    expect(
      order({
        build: ['install'],
        install: ['setup'],
        setup: [],
        a: ['z', 'missing'],
        z: ['setup'],
      }),
    ).toEqual(['setup', 'install', 'z', 'a', 'build']);
  });

  it('counts a dependency once that is listed twice (quirk Q4 is mended)', () => {
    expect(order({ build: ['install', 'install'], install: [] })).toEqual(['install', 'build']);
  });

  it('reports a cycle with its members', () => {
    expect(() => order({ a: ['b'], b: ['a'], c: [] })).toThrow(
      'Circular dependency detected between the phases a, b',
    );
  });

  it('is empty for a plan without phases', () => {
    expect(phaseOrder({})).toEqual([]);
  });
});
