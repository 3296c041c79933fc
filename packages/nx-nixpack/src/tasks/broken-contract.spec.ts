import { brokenContract } from './broken-contract.js';
import { cacheContract } from './targets.js';
import { taskNamed } from './tasks.js';

const pointers = { deployment: 'shop', component: 'nixpack/api' };
const build = taskNamed('build-image');
const contract = cacheContract(build, pointers);
const target = { cache: true, inputs: [...contract.inputs], outputs: [...contract.outputs] };

describe('what the cache of a target rests on', () => {
  it('is kept by the inferred target, and by one that adds to it', () => {
    expect(brokenContract(target, build, pointers)).toBeUndefined();
    const more = { ...target, inputs: [...target.inputs, 'default'] };
    expect(brokenContract(more, build, pointers)).toBeUndefined();
  });

  it.each([
    ['inputs', { ...target, inputs: ['{projectRoot}/**/*'] }],
    ['outputs', { ...target, outputs: [] }],
  ])('is broken by other %s', (key, broken) => {
    expect(brokenContract(broken, build, pointers)).toContain(`replace ${key} of`);
  });

  it('does not matter where nothing is cached', () => {
    expect(brokenContract({ cache: false, inputs: [] }, build, pointers)).toBeUndefined();
  });

  it.each(['plan-image', 'push-image'] as const)('is broken by %s when it is cached', (name) => {
    expect(brokenContract({ cache: true }, taskNamed(name), pointers)).toContain(`let ${name} be`);
    expect(brokenContract({ cache: false }, taskNamed(name), pointers)).toBeUndefined();
  });
});
