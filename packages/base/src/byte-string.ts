/**
 * Bytes as text: every character is one byte (U+0000 to U+00FF), as Node's `latin1` encoding reads them.
 * File names are bytes, not UTF-8; in this form they keep every byte, serve as map keys, and `<` compares them by byte.
 */
export type ByteString = Bytes & string;

/** What sets byte strings apart from text, and what stays one: their parts. */
interface Bytes {
  readonly __brand: 'ByteString';
  slice(start?: number, end?: number): ByteString;
  split(separator: string): ByteString[];
}

/** A byte string that is spelled out, of byte strings, numbers and ASCII: bytes`usr/share/${name}`. */
export const bytes = (
  literal: TemplateStringsArray,
  ...parts: readonly (ByteString | number)[]
): ByteString => String.raw({ raw: literal }, ...parts) as ByteString;

export const bytesOf = (name: ByteString): Buffer => Buffer.from(name, 'latin1');
export const byteStringOf = (bytes: Uint8Array): ByteString =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') as ByteString;
const NOT_ASCII = /[\u0080-\uffff]/;

/** Encodes text as UTF-8 bytes in ByteString form. Almost every text is ASCII, which stays as it is. */
export const encodeText = (text: string): ByteString =>
  (NOT_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text) as ByteString;

/** Decodes UTF-8; undefined when the bytes are not UTF-8. */
export function decodeText(name: ByteString): string | undefined {
  // Almost every name is ASCII: nothing is decoded, and no second string is made of it.
  if (!NOT_ASCII.test(name)) return name;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(name));
  } catch {
    return undefined;
  }
}

/** A path for a message; one that is not UTF-8 byte by byte. */
export const shownPath = (path: ByteString): string => decodeText(path) ?? path;

/** Order of two byte strings, for `sort`: by byte, never by locale. */
export const compareBytes = (a: ByteString, b: ByteString): number => (a < b ? -1 : a > b ? 1 : 0);

/** Surrogates, which stand for what lies above U+FFFF, and what UTF-16 places behind them. */
const OTHER_ORDER = /[\ud800-\uffff]/;

/** Order of two texts by their UTF-8 bytes; JavaScript's own `<` compares UTF-16 units, which differs from surrogates on. */
export function compareText(a: string, b: string): number {
  if (OTHER_ORDER.test(a) || OTHER_ORDER.test(b)) return compareBytes(encodeText(a), encodeText(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
