import fc from 'fast-check';
import {
  bytesOf,
  type ByteString,
  byteStringOf,
  compareBytes,
  compareText,
  decodeText,
  encodeText,
} from './byte-string.js';

describe('byte strings', () => {
  it('keep every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...bytesOf(byteStringOf(bytes))]).toEqual([...bytes]);
      }),
    );
  });

  it('are ordered as their bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const byBytes = Buffer.compare(a, b);
        expect(Math.sign(compareBytes(byteStringOf(a), byteStringOf(b)))).toBe(byBytes);
      }),
    );
  });

  it('compare texts as UTF-8 would', () => {
    expect(compareText('\u{1f600}', '\uff5e')).toBe(1);
    expect(compareText('a', 'a')).toBe(0);
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\u{1f600}') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compareText(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(bytesOf(encodeText(a))).toEqual(Buffer.from(a));
      }),
    );
  });

  it('are text only when they are UTF-8', () => {
    expect(decodeText(encodeText('grün'))).toBe('grün');
    expect(decodeText('gr\u00fcn' as ByteString)).toBeUndefined();
  });
});
