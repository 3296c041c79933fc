import { cacheContract } from '../graph/targets.js';
import { brokenContract, cachedPlan } from './broken-contract.js';

const contract = cacheContract.build({ deployment: 'shop', component: 'nixpack/api' });
const target = { cache: true, inputs: [...contract.inputs], outputs: [...contract.outputs] };

describe('what the cache of a target rests on', () => {
  it('is kept by the inferred target, and by one that adds to it', () => {
    expect(brokenContract(target, contract)).toBeUndefined();
    const more = { ...target, inputs: [...target.inputs, 'default'] };
    expect(brokenContract(more, contract)).toBeUndefined();
  });

  it.each([
    ['inputs', { ...target, inputs: ['{projectRoot}/**/*'] }],
    ['outputs', { ...target, outputs: [] }],
  ])('is broken by other %s', (key, broken) => {
    expect(brokenContract(broken, contract)).toContain(`replace ${key} of`);
  });

  it('does not matter where nothing is cached', () => {
    expect(brokenContract({ cache: false, inputs: [] }, contract)).toBeUndefined();
  });

  it('is broken by a plan that is cached', () => {
    expect(cachedPlan({ cache: true })).toContain('plans be cached');
    expect(cachedPlan({ cache: false })).toBeUndefined();
  });
});
