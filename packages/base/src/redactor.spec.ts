import fc from 'fast-check';
import { redactor } from './redactor.js';
import { excerpt, publicText, secretsRead } from './secrets-read.js';

const SECRET = 'hunter2 Pä$$/w"ord+?';
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const everyByte = (text: string, write: (byte: string) => string): string =>
  [...bytes(text)].map((byte) => write(byte.toString(16).padStart(2, '0'))).join('');
const escaped = (text: string): string =>
  [...text.split('')]
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
const form = (text: string): string => new URLSearchParams({ a: text }).toString().slice(2);

/** Encodings that must not pass, by name. */
const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  base64: (text) => bytes(text).toString('base64'),
  'base64 without padding': (text) => bytes(text).toString('base64').replace(/=+$/, ''),
  base64url: (text) => bytes(text).toString('base64url'),
  'base64 after one byte': (text) => bytes(`:${text}`).toString('base64'),
  'base64 after two bytes': (text) => bytes(`u:${text}`).toString('base64'),
  'base64 after three bytes': (text) => bytes(`us:${text}\n`).toString('base64'),
  'base64url between other bytes': (text) => bytes(`user:${text}:x`).toString('base64url'),
  'base64 in a URL': (text) => encodeURIComponent(bytes(text).toString('base64')),
  'base64 of a form': (text) => bytes(`password=${form(text)}&a=b`).toString('base64'),
  'base64 of JSON': (text) => bytes(JSON.stringify({ p: text })).toString('base64'),
  hexadecimal: (text) => bytes(text).toString('hex'),
  'hexadecimal in upper case': (text) => bytes(text).toString('hex').toUpperCase(),
  'a URL': (text) => encodeURIComponent(text),
  'a URL in lower case': (text) =>
    encodeURIComponent(text).replace(/%../g, (all) => all.toLowerCase()),
  'a URL with every byte': (text) => everyByte(text, (byte) => `%${byte}`),
  'a URL, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'a form': form,
  JSON: (text) => JSON.stringify(text),
  'JSON with every unit': escaped,
  'JSON with slashes': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'a URL in JSON': (text) => JSON.stringify(`https://h/?p=${encodeURIComponent(text)}`),
  'bytes of a C string': (text) => everyByte(text, (byte) => `\\x${byte}`),
  HTML: (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`),
};

describe('redactor', () => {
  it.each(Object.entries(ENCODINGS))('hides a secret in %s', (_, encode) => {
    const redact = redactor([SECRET]);
    expect(redact(`before ${encode(SECRET)} after`)).toMatch(/^before \W*\S*\*\*\*\S* after$/);
    for (const text of forms(SECRET))
      expect(redact(`before ${encode(SECRET)}`)).not.toContain(text);
  });

  it('lets no secret pass, however it is written and whatever stands around it', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' });
    const word = fc.array(fc.constantFrom(...'ab:/+=%&\\"\'*u0041 \n-_'), { maxLength: 12 });
    const text = word.map((letters) => letters.join(''));
    const encode = fc.constantFrom(...Object.keys(ENCODINGS));
    fc.assert(
      fc.property(
        secret,
        fc.array(fc.tuple(text, encode), { minLength: 1, maxLength: 4 }),
        (given, parts) => {
          const value = given.trim();
          fc.pre(value.length >= 8 && !value.includes('\n'));
          const all = parts.map(
            ([before, name]) => before + (ENCODINGS[name] as (text: string) => string)(value),
          );
          const clean = redactor([value])(all.join(' '));
          for (const shape of forms(value)) expect(clean).not.toContain(shape);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('hides an encoded secret whose first letter completes an escape of the text before it', () => {
    const secret = 'Apfel & Birne!';
    const redact = redactor([secret]);
    for (const name of ['a form', 'a URL', 'a URL in lower case', 'JSON'])
      expect(redact(`%a${ENCODINGS[name]?.(secret) ?? ''}`)).not.toMatch(/pfel/);
  });

  it('hides secrets that overlap, hold one another or hold stars', () => {
    expect(redactor(['abcdefgh', 'efghijkl', 'abcdefghij'])('-abcdefghijkl-')).toBe('-***-');
    expect(redactor(['first-secret', 'first-secret-longer'])('first-secret-longer')).toBe('***');
    expect(redactor(['left***right', 'in-the-middle'])('leftin-the-middleright')).toBe('***');
  });

  it('hides each line of a secret, and each line of a key that is kept in JSON', () => {
    const redact = redactor([bytes('line-number-one\nline-number-two\n')]);
    expect(redact('line-number-two, line-number-one')).toBe('***, ***');
    const key = redactor([JSON.stringify({ key: '-----BEGIN-----\nMIIEvQIBADAN\n' })]);
    expect(key('read MIIEvQIBADAN')).toBe('read ***');
  });

  it('leaves short values, and short ones that are part of a word', () => {
    const redact = redactor(['abc', 'test', '1234']);
    const digest = `sha256:${'1234'.repeat(16)}`;
    expect(redact(`abc latest tests ${digest}`)).toBe(`abc latest tests ${digest}`);
    expect(redact('password=test, u:1234@host dGVzdA== %74est 74657374')).toBe(
      'password=***, u:***@host ***== *** ***',
    );
  });

  it('changes nothing else', () => {
    const redact = redactor([SECRET]);
    for (const text of ['50% of a+b \\d &amp; ü \ud800', '', 'x'.repeat(100_000)])
      expect(redact(text)).toBe(text);
    expect(redact(`ü ${SECRET} 😀`)).toBe('ü *** 😀');
  });
});

/** What a reader would recognize. */
function forms(text: string): readonly string[] {
  const shapes = [text, encodeURIComponent(text), form(text), bytes(text).toString('hex')];
  const base64 = bytes(text).toString('base64url');
  return [...shapes, base64, base64.replaceAll('-', '+').replaceAll('_', '/')];
}

describe('publicText', () => {
  it('hides what was read, even when a terminal would put it together', () => {
    secretsRead.add('read-by-this-process');
    expect(publicText('a read-by\u001b[0m-this-process, read-by-this-process')).toBe('a ***, ***');
    expect(publicText(`${'x'.repeat(8185)}read-by-this-process`)).not.toContain('read');
  });

  it('leaves no half of a secret when it cuts', () => {
    secretsRead.add('read-by-this-process');
    expect(excerpt('said: read-by-this-process', 16)).toBe('said: ***');
  });

  it.each([
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic ***'],
    ['bearer abc.def-ghi', 'bearer ***'],
    ['https://user:pass@host/x', 'https://***@host/x'],
    ['wrong password=hunter2x', 'wrong password=***'],
    ['{"secret":"abc123def"}', '{"secret":"***"}'],
    ['got eyJhbGciOiJ.eyJzdWIi.sig-x', 'got ***'],
    ['token: expired', 'token: expired'],
    [
      'DENIED: requested access to the resource is denied',
      'DENIED: requested access to the resource is denied',
    ],
  ])('hides what looks like a credential: %s', (said, shown) => {
    expect(excerpt(said, 200)).toBe(shown);
  });
});
