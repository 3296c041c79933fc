import { count, digest, flag, list, mapOf, oneOf, record, text } from './shape.js';

const shape = record(
  { name: text, sizes: list(count), by: oneOf('a', 'b') },
  { digest, labels: mapOf(text), inner: record({ on: flag }) },
);
const right = { name: 'x', sizes: [0, 1], by: 'a' };

describe('shapes', () => {
  it.each<[unknown, string | undefined]>([
    [right, undefined],
    [{ ...right, digest: `sha256:${'0'.repeat(64)}`, labels: { x: '' } }, undefined],
    [{ ...right, name: 1 }, 'name is not a text'],
    [{ ...right, sizes: [0, -1] }, 'sizes[1] is not a whole number from 0 on'],
    [{ ...right, sizes: [2 ** 53] }, 'sizes[0] is not a whole number from 0 on'],
    [{ ...right, sizes: {} }, 'sizes is no list'],
    [{ ...right, by: 'c' }, 'by is not "a" or "b"'],
    [{ ...right, digest: 'sha256:../x' }, 'digest is not a sha256 digest'],
    [{ ...right, digest: undefined }, 'digest is not a sha256 digest'],
    [{ ...right, labels: { x: 1 } }, 'labels.x is not a text'],
    [{ ...right, labels: [] }, 'labels is no object'],
    [{ ...right, inner: { on: 1 } }, 'inner.on is not true or false'],
    [{ ...right, more: 1 }, 'more is unknown'],
    [{ name: 'x', sizes: [] }, 'by is not "a" or "b"'],
    [null, 'it is no object'],
    [[], 'it is no object'],
    [JSON.parse('{"__proto__": {}}'), '__proto__ is unknown'],
    [{ ...right, toString: 1 }, 'toString is unknown'],
  ])('%j: %s', (value, problem) => {
    expect(shape(value, '')).toBe(problem);
  });
});
