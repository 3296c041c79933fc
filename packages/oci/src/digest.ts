import { createHash } from 'node:crypto';

/** `sha256:` and 64 lower-case hex digits. Only this file makes one, so a Digest in hand is well-formed. */
export type Digest = string & { readonly __brand: 'Digest' };

const GRAMMAR = /^sha256:[0-9a-f]{64}$/;

export const isDigest = (value: unknown): value is Digest =>
  typeof value === 'string' && GRAMMAR.test(value);

export const digestOf = (bytes: Uint8Array | string): Digest =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;

/** The 64 hex digits, e.g. for a file name. */
export const hexOf = (digest: Digest): string => digest.slice('sha256:'.length);

/** A digest of bytes that arrive in pieces. */
export class Digester {
  readonly #hash = createHash('sha256');
  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }
  digest(): Digest {
    return `sha256:${this.#hash.digest('hex')}` as Digest;
  }
}
