import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { type Digest, Digester } from '../digest.js';

/** One blob on its way into a store: bytes go to a temporary file and into a digest. Ends with `commit` or `abort`. */
export class BlobWriter {
  readonly #path: string;
  readonly #accept: (path: string, digest: Digest) => void;
  readonly #digester = new Digester();
  #file: number | undefined;
  #size = 0;

  /** `accept` moves the complete file to its place. */
  constructor(path: string, accept: (path: string, digest: Digest) => void) {
    this.#path = path;
    this.#accept = accept;
    this.#file = openSync(path, 'wx', 0o644);
  }

  get size(): number {
    return this.#size;
  }

  write(bytes: Uint8Array): void {
    if (this.#file === undefined) throw new Error('the blob is complete or was given up');
    this.#digester.update(bytes);
    for (let offset = 0; offset < bytes.byteLength;)
      offset += writeSync(this.#file, bytes, offset, bytes.byteLength - offset);
    this.#size += bytes.byteLength;
  }

  /** Makes the blob durable and visible under its digest, unless `check` throws. */
  commit(check: (written: { digest: Digest; size: number }) => void = () => {}): {
    digest: Digest;
    size: number;
  } {
    if (this.#file === undefined) throw new Error('the blob is complete or was given up');
    const written = { digest: this.#digester.digest(), size: this.#size };
    check(written);
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.#file = undefined;
    this.#accept(this.#path, written.digest);
    return written;
  }

  /** Gives the blob up. Does nothing after `commit`, so that it may stand in a `finally`. */
  abort(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#path, { force: true });
  }
}
