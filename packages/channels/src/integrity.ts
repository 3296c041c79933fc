import { createHash } from 'node:crypto';
import type { Archive } from './archive.js';
import { invalid } from './failures.js';
import { moduleHash } from './go/module-hash.js';

type Method = 'sha256' | 'sha512' | 'h1';

/** `sha256-` and the hash in base64; `h1` is that of a Go module's tree. */
export const integrityOf = (method: Method, bytes: Uint8Array): string =>
  method === 'h1' ? `h1-${moduleHash(bytes)}` : `${method}-${hash(method, bytes)}`;

const hash = (method: 'sha256' | 'sha512', bytes: Uint8Array): string =>
  createHash(method).update(bytes).digest('base64');

/** The same of a hash that was written in hexadecimal digits. */
export const integrityOfHex = (method: 'sha256' | 'sha512', hex: string): string | undefined => {
  const digits = { sha256: 64, sha512: 128 }[method];
  const isHash = hex.length === digits && /^[0-9a-fA-F]+$/.test(hex);
  return isHash ? `${method}-${Buffer.from(hex, 'hex').toString('base64')}` : undefined;
};

const BASE64_LENGTH = { sha256: 44, sha512: 88, h1: 44 } as const;

/** Whether a text is an integrity that is checked here. Others (sha1, md5, several at once) are not. */
export function isIntegrity(text: string): boolean {
  const [, method, value = ''] = /^(sha256|sha512|h1)-([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  return method !== undefined && value.length === BASE64_LENGTH[method as Method];
}

/** The bytes, which are those of the archive. Throws UserError ARCHIVE_INVALID. */
export function verified<B extends Uint8Array>(archive: Archive, bytes: B): B {
  const { id, size, integrity } = archive;
  if (bytes.byteLength !== size)
    throw invalid(`${id} has ${bytes.byteLength} bytes, not the ${size} that were announced`);
  if (!isIntegrity(integrity)) throw invalid(`${id} has an integrity that nothing can check`);
  const method = integrity.slice(0, integrity.indexOf('-')) as Method;
  const found = integrityOf(method, bytes);
  if (found !== integrity) throw invalid(`${id} is ${found}, not ${integrity}`);
  return bytes;
}
