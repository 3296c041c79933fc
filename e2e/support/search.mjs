import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';

/**
 * Every form in which a secret may show, as bytes to look for: as it is, URL-encoded, hexadecimal, and base64 at each of
 * the three places where it can begin in a longer text.
 */
export function formsOf(secret) {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const forms = [secret, encodeURIComponent(secret), hex, hex.toUpperCase()];
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Neighbors decide the first and the last character.
    const inner = text.slice(
      Math.ceil((before * 4) / 3),
      Math.floor(((before + bytes.length) * 4) / 3),
    );
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(forms)].map((form) => Buffer.from(form));
}

/** How many of the forms a content holds, also below a gzip compression. */
export function hitsIn(content, forms) {
  const bytes = Buffer.from(content);
  const found = forms.filter((form) => bytes.includes(form)).length;
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? found + hitsIn(unzipped(bytes), forms) : found;
}

/** A stream that was cut off is searched as far as it goes. */
function unzipped(bytes) {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** The files below a directory in whose content or name a form shows. */
export function filesWith(directory, forms) {
  const known = new Map();
  return [...filesBelow(directory)].filter((path) => {
    const stats = lstatSync(path);
    if (!stats.isFile()) return hitsIn(path, forms) > 0;
    // Blobs are named by their content, and every image has those of its base.
    const content = /^[0-9a-f]{64}$/.test(basename(path)) ? basename(path) : stats.ino;
    if (!known.has(content)) known.set(content, hitsIn(readFileSync(path), forms) > 0);
    return known.get(content) || hitsIn(path, forms) > 0;
  });
}

function* filesBelow(directory) {
  for (const entry of list(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

function list(directory) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
