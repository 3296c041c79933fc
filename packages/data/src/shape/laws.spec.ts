import fc from 'fast-check';
import {
  camelCase,
  count,
  flag,
  list,
  mapOf,
  nodeOf,
  optional,
  readShape,
  struct,
  text,
  type Field,
} from './index.js';

/** A shape together with values that it takes. */
interface Sample {
  readonly shape: Field;
  readonly value: unknown;
}

const key = fc.stringMatching(/^[a-z]{1,6}$/);
const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.string().map((value): Sample => ({ shape: text(), value })),
    fc.boolean().map((value): Sample => ({ shape: flag, value })),
    fc.nat().map((value): Sample => ({ shape: count, value })),
    fc.tuple(tie('sample'), fc.nat(3)).map(([{ shape, value }, length]): Sample => ({
      shape: list(shape),
      value: Array(length).fill(value),
    })),
    fc.tuple(tie('sample'), fc.uniqueArray(key)).map(([{ shape, value }, keys]): Sample => ({
      shape: mapOf(text(), shape),
      value: Object.fromEntries(keys.map((one) => [one, value])),
    })),
    fc.dictionary(key, tie('sample'), { noNullPrototype: true }).map((fields): Sample => ({
      shape: struct(
        Object.fromEntries(
          Object.entries(fields).map(([name, { shape }]) => [name, optional(shape)]),
        ),
      ),
      value: Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value])),
    })),
  ),
}));

/** Every way to a value, with the document in which that value is null, which no shape takes. */
function* nulled(value: unknown, way = ''): Generator<[string, unknown]> {
  yield [way, null];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${way}[${name}]` : way === '' ? name : `${way}.${name}`;
    for (const [at, changed] of nulled(member, inner)) {
      if (Array.isArray(value)) yield [at, value.with(Number(name), changed)];
      else yield [at, { ...value, [name]: changed }];
    }
  }
}

describe('for all shapes and values', () => {
  it('a value that fits is read as it is', () => {
    fc.assert(
      fc.property(sample, ({ shape, value }) => {
        expect(readShape(shape, nodeOf(value))).toEqual({ value, draft: value, faults: [] });
      }),
    );
  });

  it('one wrong value is one fault, at its place', () => {
    fc.assert(
      fc.property(sample, ({ shape, value }) => {
        for (const [way, changed] of nulled(value)) {
          const { faults, ...result } = readShape(shape, nodeOf(changed));
          expect(faults.map(({ path, code }) => [path, code])).toEqual([
            [way, 'CONFIG_WRONG_TYPE'],
          ]);
          expect(result).not.toHaveProperty('value');
        }
      }),
    );
  });

  it('a key in camelCase has no underscore that a letter follows', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]+(?:_[a-z]+)*$/), (name) => {
        expect(camelCase(name)).toMatch(/^[a-z]+(?:[A-Z][a-z]*)*$/);
        expect(camelCase(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).toBe(
          name,
        );
      }),
    );
  });
});
