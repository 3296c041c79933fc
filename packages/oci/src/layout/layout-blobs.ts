import { closeSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { join } from 'node:path';
import {
  openPlainFile,
  readOpened,
  type OpenedFile,
  type Unreadable,
  type UserError,
} from '@nx-nixpack/base';
import { baseInvalid } from '../base-invalid.js';
import { type Digest, Digester, digestOf, hexOf } from '../digest.js';
import type { Descriptor } from '../descriptor.js';
import type { Store } from '../store/store.js';

const CHUNK = 1024 * 1024;
const readChunk = promisify(read);

export type Fail = (message: string, cause?: unknown) => UserError;

export interface LayoutBlobsOptions {
  /** Has the blobs that the layout lacks. */
  readonly store?: Store | undefined;
  /** Makes the error for content that is not what it should be. */
  readonly fail?: Fail;
  /** Other tools make layouts whose blobs are links; ours never are. */
  readonly follow: boolean;
}

/** What is known of a blob before it is read. */
type Wanted = Pick<Descriptor, 'digest'> & Partial<Pick<Descriptor, 'size'>>;

/** The blobs of an image layout. Nothing is believed: only regular files are opened, and what is read is hashed. */
export class LayoutBlobs {
  readonly #directory: string;
  readonly #options: LayoutBlobsOptions;
  readonly #fail: Fail;
  readonly #kept = new Map<Digest, OpenedFile>();

  constructor(directory: string, options: LayoutBlobsOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#fail = options.fail ?? baseInvalid;
  }

  /** A small blob as a whole. */
  read(wanted: Wanted, limit: number): Buffer {
    const { digest, size } = wanted;
    if (size !== undefined && size > limit) throw this.#tooLarge(digest, limit);
    const opened = this.#open(wanted) ?? this.#openStored(digest);
    try {
      if (opened.size > limit) throw this.#tooLarge(digest, limit);
      const bytes = readOpened(opened);
      if ('problem' in bytes || digestOf(bytes) !== digest) throw this.#damaged(digest);
      return bytes;
    } finally {
      closeSync(opened.file);
    }
  }

  /**
   * Opens blobs and keeps them open, so that they stay whatever becomes of the directory. The layout has all but those of
   * `elsewhere`, which may lie in the store. Returns those that are kept.
   */
  keep(blobs: readonly Descriptor[], elsewhere: ReadonlySet<Digest>): readonly Descriptor[] {
    for (const blob of blobs) {
      if (this.#kept.has(blob.digest)) continue;
      const opened = this.#open(blob);
      if (opened !== undefined) this.#kept.set(blob.digest, opened);
      else if (!elsewhere.has(blob.digest) || this.#options.store?.has(blob.digest) !== true)
        throw this.#missing(blob.digest);
    }
    return blobs.filter(({ digest }) => this.#kept.has(digest));
  }

  /** Closes what is kept. */
  close(): void {
    for (const { file } of this.#kept.values()) closeSync(file);
    this.#kept.clear();
  }

  /** A blob piece by piece. Throws after the last piece when the content is not what the descriptor says. */
  async *open(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
    const kept = this.#kept.get(descriptor.digest);
    const opened = kept ?? this.#open(descriptor);
    if (opened === undefined) return yield* this.#stored(descriptor.digest);
    try {
      yield* this.#checked(opened, descriptor);
    } finally {
      if (kept === undefined) closeSync(opened.file);
    }
  }

  async *#checked(opened: OpenedFile, { digest }: Descriptor): AsyncGenerator<Uint8Array> {
    const digester = new Digester();
    for await (const chunk of chunksOf(opened)) {
      digester.update(chunk);
      yield chunk;
    }
    if (digester.digest() !== digest) throw this.#damaged(digest);
  }

  #stored(digest: Digest): AsyncGenerator<Uint8Array> {
    const { store } = this.#options;
    if (store?.has(digest) === true) return store.openBlob(digest);
    throw this.#missing(digest);
  }

  /** undefined when the layout has no such blob. */
  #open({ digest, size }: Wanted): OpenedFile | undefined {
    const path = join(this.#directory, 'blobs', 'sha256', hexOf(digest));
    const opened = openPlainFile(path, { follow: this.#options.follow });
    if ('problem' in opened) return this.#unreadable(digest, opened);
    if (size === undefined || opened.size === size) return opened;
    closeSync(opened.file);
    throw this.#damaged(digest);
  }

  #openStored(digest: Digest): OpenedFile {
    const { store } = this.#options;
    if (store?.has(digest) !== true) throw this.#missing(digest);
    const opened = openPlainFile(store.blobPath(digest));
    if ('problem' in opened) throw this.#missing(digest);
    return opened;
  }

  #unreadable(digest: Digest, { missing, problem }: Unreadable): undefined {
    if (missing) return undefined;
    throw this.#fail(`blob ${digest} of the image layout ${this.#directory} ${problem}`);
  }

  #tooLarge(digest: Digest, limit: number): UserError {
    return this.#fail(`blob ${digest} is larger than ${limit} bytes`);
  }

  #damaged(digest: Digest): UserError {
    return this.#fail(
      `blob ${digest} of the image layout ${this.#directory} has other content than its name says`,
    );
  }

  #missing(digest: Digest): UserError {
    return this.#fail(`blob ${digest} is missing in the image layout ${this.#directory}`);
  }
}

/** By position, so that several readers may share a file. */
async function* chunksOf({ file, size }: OpenedFile): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < size;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - offset));
    const { bytesRead } = await readChunk(file, chunk, 0, chunk.byteLength, offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
