/**
 * A text and what it says once its escapes are read. Texts are bytes, one per character (`ByteString`). `at[i]` is where
 * the character `i` begins in the text that was given, with one entry more for its end; absent when nothing moved.
 */
export interface View {
  readonly text: string;
  readonly at?: readonly number[];
}

interface Decoder {
  readonly pattern: RegExp;
  readonly decode: (match: RegExpMatchArray) => string;
}

const NAMED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** JSON, JavaScript, C and Go: `\n`, `\"`, `\/`, `\u00e4`, surrogates in pairs, `\xe4`. */
const BACKSLASHES: Decoder = {
  pattern:
    /\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g,
  decode: ([, high, low, unit, byte, letter = '']) => {
    if (high !== undefined) return utf8(parseInt(high, 16), parseInt(low ?? '', 16));
    if (unit !== undefined) return utf8(parseInt(unit, 16));
    return byte === undefined ? (NAMED[letter] ?? letter) : byteOf(byte);
  },
};

/** URLs and forms. */
const PERCENTS: Decoder = {
  pattern: /%([0-9a-fA-F]{2})/g,
  decode: ([, byte = '']) => byteOf(byte),
};

/** Forms write a space as `+`, which is a letter of base64 too: this is one reading of several. */
const PLUSES: Decoder = { pattern: /\+/g, decode: () => ' ' };

/** HTML and XML. */
const ENTITIES: Decoder = {
  pattern: /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g,
  decode: ([, decimal, hex, name = '']) => {
    const point = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    if (Number.isNaN(point)) return NAMED[name] ?? '';
    return point <= 0x10ffff ? bytes(String.fromCodePoint(point)) : '';
  },
};

const DECODERS: readonly Decoder[] = [BACKSLASHES, PERCENTS, PLUSES, ENTITIES];
/** Escapes within escapes (JSON in a URL in JSON) are read so deep. */
const DEPTH = 3;
/** A line full of every kind of escape must not cost more than so many readings. */
const MOST = 24;

/** Every reading of a text: as it is, and with its escapes read, one kind after another. */
export function viewsOf(text: string): readonly View[] {
  const views: View[] = [{ text }];
  const known = new Set([text]);
  for (let depth = 0, from = 0; depth < DEPTH; depth++) {
    const end = views.length;
    for (const view of views.slice(from, end))
      for (const decoder of DECODERS) {
        const next = views.length < MOST ? read(view, decoder) : undefined;
        if (next === undefined || known.has(next.text)) continue;
        known.add(next.text);
        views.push(next);
      }
    from = end;
  }
  return views;
}

function read({ text, at }: View, { pattern, decode }: Decoder): View | undefined {
  const parts: string[] = [];
  const places: number[] = [];
  let last = 0;
  const copy = (end: number): void => {
    parts.push(text.slice(last, end));
    for (; last < end; last++) places.push(at?.[last] ?? last);
  };
  for (const match of text.matchAll(pattern)) {
    copy(match.index);
    const decoded = decode(match);
    parts.push(decoded);
    for (let index = 0; index < decoded.length; index++) places.push(at?.[last] ?? last);
    last += match[0].length;
  }
  if (last === 0) return undefined;
  copy(text.length);
  return { text: parts.join(''), at: [...places, at?.[last] ?? last] };
}

const byteOf = (hex: string): string => String.fromCharCode(parseInt(hex, 16));
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const utf8 = (...units: number[]): string => bytes(String.fromCharCode(...units));
