import { createReadStream, lstatSync, rmSync, type BigIntStats } from 'node:fs';
import { join, resolve } from 'node:path';
import { syncDirectory, UserError } from '@nx-nixpack/base';
import { type Digest, Digester, hexOf } from '../digest.js';
import { BlobWriter } from './blob-writer.js';
import { ensureDirectory, ensureStoreDirectory } from './ensure-directory.js';
import { openPlainFile, putInPlace } from './plain-file.js';
import { readStored, writeStored } from './records.js';
import { TemporaryFiles } from './temporary-files.js';

/** Bytes that a reader of a blob gets at once. */
const CHUNK = 1024 * 1024;

/**
 * Persistent content store: immutable files named by their digest, and small records. Many processes may use one
 * store at once; there is no lock and no shared index. Whoever crashes leaves at most temporary files, which the next
 * `open` removes.
 */
export class Store {
  readonly directory: string;
  readonly #temporary: TemporaryFiles;
  /** What a blob's file looked like when it was found to hold what its name says. */
  readonly #proven = new Map<Digest, string>();

  private constructor(directory: string) {
    this.directory = directory;
    ensureStoreDirectory(directory);
    for (const path of [join(directory, 'blobs'), this.#blobs]) ensureDirectory(path);
    this.#temporary = new TemporaryFiles(join(directory, 'temporary'));
    this.#temporary.sweep();
  }

  /** Opens the store in a directory, which is created. */
  static open(directory: string): Store {
    return new Store(resolve(directory));
  }

  /** Whether there is a file for a blob; what it holds is not looked at. */
  has(digest: Digest): boolean {
    return this.#stats(digest)?.isFile() ?? false;
  }

  /**
   * Whether the store has a blob whose content is what its name says. Reads all of it, once for each state of the file.
   * What is damaged is removed.
   */
  async check(digest: Digest): Promise<boolean> {
    if (this.#proven.get(digest) === this.#stamp(digest) && this.has(digest)) return true;
    try {
      for await (const piece of this.openBlob(digest)) void piece;
      return true;
    } catch (error) {
      if (error instanceof UserError && error.code === 'STORE_CORRUPT') return false;
      throw error;
    }
  }

  blobPath(digest: Digest): string {
    return join(this.#blobs, hexOf(digest));
  }

  /**
   * The bytes of a blob, checked while they are read. A blob that is not what its name says is removed, so that the
   * next run makes it again. Throws UserError STORE_CORRUPT, in that case after the last byte.
   */
  async *openBlob(digest: Digest): AsyncGenerator<Uint8Array> {
    const digester = new Digester();
    const before = this.#stamp(digest);
    for await (const chunk of this.#read(digest)) {
      digester.update(chunk);
      yield chunk;
    }
    if (digester.digest() !== digest) throw this.#damaged(digest, before);
    this.#proven.set(digest, before);
  }

  /** Puts content into the store. Throws UserError STORE_CORRUPT when it is not what `expected` says; nothing is kept then. */
  async writeBlob(
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    expected: { readonly digest?: Digest; readonly size?: number } = {},
  ): Promise<{ digest: Digest; size: number }> {
    const blob = this.newBlob();
    try {
      for await (const chunk of content) {
        blob.write(chunk);
        if (blob.size > (expected.size ?? Infinity)) break;
      }
      return blob.commit((written) => checkExpected(written, expected));
    } finally {
      blob.abort();
    }
  }

  /** A blob that is written piece by piece. */
  newBlob(): BlobWriter {
    return new BlobWriter(this.#temporary.path(), (path, digest) => this.#accept(path, digest));
  }

  /** Absolute path of a private folder inside the store, which is created. `name` is a plain file name. */
  area(name: string): string {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(name) || RESERVED.has(name))
      throw new Error(`"${name}" is not a name for an area of the store`);
    const path = join(this.directory, name);
    ensureDirectory(path);
    return path;
  }

  /** A record's value; undefined when it is absent or is not what `writeRecord` left under this area and key. */
  readRecord(area: string, key: string): unknown {
    return readStored(this.area(area), area, key);
  }

  /** Replaces a record as a whole; readers see the old one or the new one. `value`: anything JSON can hold. */
  writeRecord(area: string, key: string, value: unknown): void {
    writeStored(this.area(area), this.#temporary.path(), { kind: area, key, value });
  }

  get #blobs(): string {
    return join(this.directory, 'blobs', 'sha256');
  }

  async *#read(digest: Digest): AsyncGenerator<Buffer> {
    const fd = openPlainFile(this.blobPath(digest));
    if (fd === undefined) {
      if (this.#stats(digest) !== undefined) throw this.#damaged(digest, this.#stamp(digest));
      throw corrupt(`Blob ${digest} is missing in the store`);
    }
    yield* createReadStream('', { fd, highWaterMark: CHUNK }) as AsyncIterable<Buffer>;
  }

  /** Removes a blob, unless somebody has put another file in its place meanwhile. */
  #damaged(digest: Digest, seen: string): UserError {
    if (this.#stamp(digest) === seen)
      rmSync(this.blobPath(digest), { recursive: true, force: true });
    return corrupt(
      `Blob ${digest} of the store has other content than its name says, it was removed`,
    );
  }

  #stats(digest: Digest): BigIntStats | undefined {
    return lstatSync(this.blobPath(digest), { bigint: true, throwIfNoEntry: false });
  }

  #stamp(digest: Digest): string {
    const stats = this.#stats(digest);
    return stats ? [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join() : '';
  }

  /** Always replaces: what is there already may be damaged. Whoever has it open keeps what he reads. */
  #accept(temporary: string, digest: Digest): void {
    putInPlace(temporary, this.blobPath(digest));
    syncDirectory(this.#blobs);
  }
}

const RESERVED: ReadonlySet<string> = new Set(['blobs', 'temporary']);

function checkExpected(
  written: { digest: Digest; size: number },
  expected: { readonly digest?: Digest; readonly size?: number },
): void {
  const { digest = written.digest, size = written.size } = expected;
  if (digest === written.digest && size === written.size) return;
  throw corrupt(
    `Content of ${size} bytes with ${digest} was announced, but ${written.size} bytes with ${written.digest} came`,
  );
}

function corrupt(message: string): UserError {
  const hint = 'Run the task again; when it fails in the same way, remove the store directory.';
  return new UserError({ code: 'STORE_CORRUPT', message, hint }, { retryable: true });
}
