/** So much of a secret, in any form, counts as the secret. */
const WINDOW = 12;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');
const form = (text: string): string => new URLSearchParams({ a: text }).toString().slice(2);
const everyByte = (text: string): string =>
  [...bytesOf(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/**
 * The forms in which a secret must not turn up, by name. Written apart from the redactor, on purpose: a form that one of the two forgets is
 * found by the other.
 */
export const SECRET_FORMS: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  base64: (text) => bytesOf(text).toString('base64'),
  'base64 of a pair': (text) => bytesOf(`user:${text}`).toString('base64'),
  'base64 after one byte': (text) => bytesOf(`:${text}`).toString('base64'),
  'base64 after two bytes': (text) => bytesOf(`u:${text}!`).toString('base64'),
  base64url: (text) => bytesOf(text).toString('base64url'),
  'URL encoded': (text) => encodeURIComponent(text),
  'URL encoded in lower case': (text) =>
    encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  'every byte URL encoded': everyByte,
  'form encoded': form,
  hexadecimal: (text) => bytesOf(text).toString('hex'),
  'hexadecimal in upper case': (text) => bytesOf(text).toString('hex').toUpperCase(),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
};

/** Which of the secrets a text holds at least a part of, and in which form: `password as base64`. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(SECRET_FORMS)
      .filter(([, encode]) => holdsPart(text, certain(encode, secret)))
      .map(([how]) => `${name} as ${how}`),
  );
}

/** The encoded form without its beginning, as far as that is decided by what stands before the secret. */
function certain(encode: (text: string) => string, secret: string): string {
  const [encoded, other] = [encode(secret), encode(`~${secret.slice(1)}`)];
  let from = 0;
  while (from < encoded.length && encoded[from] === other[from]) from++;
  return encoded.slice(from);
}

function holdsPart(text: string, form: string): boolean {
  const width = Math.min(WINDOW, form.length);
  for (let at = 0; at + width <= form.length; at++)
    if (text.includes(form.slice(at, at + width))) return true;
  return false;
}
