import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it('gives equal values equal bytes, whatever the order of their keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe(
      canonicalJson({ a: [{ c: 2, d: 1 }], b: 1 }),
    );
  });

  it('sorts keys by their bytes, not by UTF-16 units', () => {
    // U+1F600 is above U+FF5E as bytes and below it as UTF-16 units.
    const text = canonicalJson({ '\u{1f600}': 1, '\uff5e': 2 });
    expect(text.indexOf('\uff5e')).toBeLessThan(text.indexOf('\u{1f600}'));
  });

  it('keeps a key that is called __proto__', () => {
    expect(canonicalJson(JSON.parse('{"__proto__": {"x": 1}}'))).toContain('"__proto__"');
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
