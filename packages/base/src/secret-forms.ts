/** A form in which a secret may turn up. Bytes, one per character. */
export interface SecretForm {
  readonly text: string;
  /** Counts only where neither letter nor digit stands beside it. */
  readonly isWord: boolean;
  /** In base64 the characters at the edges belong to the neighbors too. */
  readonly isBase64: boolean;
  /** Hexadecimal digits come in both cases; `text` is in lower case. */
  readonly ignoresCase: boolean;
}

/** Shorter values protect nothing, and would turn ordinary output into stars. */
const SHORTEST = 4;
/** Shorter values are common words: they count only where they stand alone. */
const LONG = 8;

/** Every form of a secret and of each of its lines: as it is, base64 at each of three alignments, hexadecimal. */
export function formsOf(secret: string | Uint8Array): readonly SecretForm[] {
  const bytes = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : Buffer.from(secret);
  const whole = bytes.toString('latin1');
  // The lines of a key that is kept in JSON are one line with `\n` in it.
  const lines = whole.split(/\r?\n|\\n/);
  const values = new Set([whole, ...lines].map(trimmed));
  return [...values].filter((value) => value.length >= SHORTEST).flatMap(forms);
}

function forms(value: string): readonly SecretForm[] {
  const bytes = Buffer.from(value, 'latin1');
  const isWord = value.length < LONG;
  const plain = { isWord, isBase64: false, ignoresCase: false };
  const base64 = isWord ? [bytes.toString('base64url')] : written(value).flatMap(alignments);
  return [
    ...written(value).map((text) => ({ ...plain, text })),
    ...bothAlphabets(base64).map((text) => ({ ...plain, text, isBase64: !isWord })),
    { ...plain, text: bytes.toString('hex'), ignoresCase: true },
  ];
}

/**
 * How the value is written inside JSON, URLs and forms, which may then be encoded as a whole. They are looked for as they are
 * too: where an escape of the text before swallows their first letter, no reading shows the value.
 */
function written(value: string): readonly string[] {
  const text = Buffer.from(value, 'latin1').toString('utf8');
  const form = new URLSearchParams({ a: text }).toString().slice('a='.length);
  const url = encodeURIComponent(text);
  const encoded = [url, url.replaceAll('%20', '+'), form];
  const all = [text, JSON.stringify(text).slice(1, -1), ...encoded, ...encoded.map(lowerEscapes)];
  return [...new Set([value, ...all.map((one) => Buffer.from(one).toString('latin1'))])];
}

const lowerEscapes = (text: string): string => text.replace(/%../g, (one) => one.toLowerCase());

/** What the bytes alone decide of their base64 form when 0, 1 or 2 bytes stand before them. */
function alignments(value: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.from('\0'.repeat(before) + value, 'latin1');
    const from = Math.ceil((before * 8) / 6);
    return bytes.toString('base64url').slice(from, Math.floor((bytes.length * 8) / 6));
  });
}

const bothAlphabets = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.flatMap((text) => [text, text.replaceAll('-', '+').replaceAll('_', '/')])),
];

/** Of ASCII spaces alone: others are bytes of letters here. */
const trimmed = (value: string): string => value.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
