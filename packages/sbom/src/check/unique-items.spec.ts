import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { uniqueItems } from './unique-items.js';

it('agrees with comparing every pair', () => {
  const item = fc
    .jsonValue({ maxDepth: 2 })
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(item, fc.constantFrom<unknown>({ a: 1, b: 2 }, { b: 2, a: 1 }, 1, '1', [1], null)),
      ),
      (items) => {
        const equal = items.some((one, index) =>
          items.slice(index + 1).some((other) => isDeepStrictEqual(one, other)),
        );
        expect(uniqueItems(items)).toBe(!equal);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});
