import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type UserError } from '@nx-nixpack/base';
import { baseInvalid } from '../base-invalid.js';
import { Digester, digestOf, hexOf } from '../digest.js';
import type { Descriptor } from '../image.js';
import type { Store } from '../store/store.js';

const CHUNK = 1024 * 1024;

/** The blobs of an image layout. Nothing is believed: what is read is hashed. */
export class LayoutBlobs {
  readonly #directory: string;
  readonly #store: Store | undefined;
  readonly #fail: Fail;

  /** `store` has the blobs that the layout lacks. `fail` makes the error for content that is not what it should be. */
  constructor(directory: string, store: Store | undefined, fail: Fail = baseInvalid) {
    this.#directory = directory;
    this.#store = store;
    this.#fail = fail;
  }

  /** A small blob as a whole. */
  read(descriptor: Descriptor, limit: number): Buffer {
    const { digest, size } = descriptor;
    if (size > limit) throw this.#fail(`blob ${digest} is larger than ${limit} bytes`);
    const bytes = this.#file(descriptor) ?? this.#fromStore(descriptor);
    if (bytes.byteLength !== size || digestOf(bytes) !== digest) throw this.#damaged(descriptor);
    return bytes;
  }

  /** A blob piece by piece. Throws after the last piece when the content is not what the descriptor says. */
  async *open(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
    const path = this.#path(descriptor);
    if (statSync(path, { throwIfNoEntry: false }) === undefined)
      return yield* this.#openStored(descriptor);
    const digester = new Digester();
    for await (const chunk of createReadStream(path, {
      highWaterMark: CHUNK,
    }) as AsyncIterable<Buffer>) {
      digester.update(chunk);
      yield chunk;
    }
    if (digester.digest() !== descriptor.digest) throw this.#damaged(descriptor);
  }

  #openStored(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
    if (this.#store?.has(descriptor.digest)) return this.#store.openBlob(descriptor.digest);
    throw this.#missing(descriptor);
  }

  #file(descriptor: Descriptor): Buffer | undefined {
    const size = statSync(this.#path(descriptor), { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    if (size !== descriptor.size) throw this.#damaged(descriptor);
    return readFileSync(this.#path(descriptor));
  }

  #fromStore(descriptor: Descriptor): Buffer {
    if (!this.#store?.has(descriptor.digest)) throw this.#missing(descriptor);
    return readFileSync(this.#store.blobPath(descriptor.digest));
  }

  #path({ digest }: Descriptor): string {
    return join(this.#directory, 'blobs', 'sha256', hexOf(digest));
  }

  #damaged({ digest }: Descriptor): UserError {
    return this.#fail(
      `blob ${digest} of the image layout ${this.#directory} has other content than its name says`,
    );
  }

  #missing({ digest }: Descriptor): UserError {
    return this.#fail(`blob ${digest} is missing in the image layout ${this.#directory}`);
  }
}

export type Fail = (message: string, cause?: unknown) => UserError;
