import { createHash } from 'node:crypto';
import { compareText } from '@nx-nixpack/base';
import { zipFiles } from '../zip/zip-files.js';

/** `h1:` of a module's zip (golang.org/x/mod/sumdb/dirhash, Hash1), in base64: the hash of its files' hashes and names. */
export function moduleHash(zip: Uint8Array): string {
  const lines = zipFiles(zip).map(({ name, read }) => ({
    name,
    hash: createHash('sha256').update(read()).digest('hex'),
  }));
  const whole = createHash('sha256');
  for (const { name, hash } of lines.sort((a, b) => compareText(a.name, b.name)))
    whole.update(`${hash}  ${name}\n`);
  return whole.digest('base64');
}
