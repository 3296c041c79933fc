import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { syncDirectory, UserError } from '@nx-nixpack/base';
import { type Digest, Digester, digestOf, hexOf } from '../digest.js';
import { BlobWriter } from './blob-writer.js';
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

  private constructor(directory: string) {
    this.directory = directory;
    mkdirSync(this.#blobs, { recursive: true });
    this.#temporary = new TemporaryFiles(join(directory, 'temporary'));
    this.#temporary.sweep();
  }

  /** Opens the store in a directory, which is created. */
  static open(directory: string): Store {
    return new Store(resolve(directory));
  }

  has(digest: Digest): boolean {
    return statSync(this.blobPath(digest), { throwIfNoEntry: false })?.isFile() ?? false;
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
    for await (const chunk of this.#read(digest)) {
      digester.update(chunk);
      yield chunk;
    }
    if (digester.digest() === digest) return;
    rmSync(this.blobPath(digest), { force: true });
    throw corrupt(
      `blob ${digest} of the store has other content than its name says, it was removed`,
    );
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
    return new BlobWriter(this.#temporary.path(), (path, digest, size) =>
      this.#accept(path, digest, size),
    );
  }

  /** Absolute path of a private folder inside the store, which is created. `name` is a plain file name. */
  area(name: string): string {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(name) || RESERVED.has(name))
      throw new Error(`"${name}" is no name for an area of the store`);
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** A record's value, undefined when it is absent or cannot be read. */
  readRecord(area: string, key: string): unknown {
    try {
      const record = JSON.parse(
        readFileSync(this.#recordPath(area, key), 'utf8'),
      ) as Partial<Stored>;
      return record.key === key ? record.value : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces a record as a whole; readers see the old one or the new one. `value`: anything JSON can hold. */
  writeRecord(area: string, key: string, value: unknown): void {
    const path = this.#recordPath(area, key);
    const temporary = this.#temporary.path();
    try {
      writeDurably(temporary, `${JSON.stringify({ key, value } satisfies Stored)}\n`);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncDirectory(this.area(area));
  }

  get #blobs(): string {
    return join(this.directory, 'blobs', 'sha256');
  }

  async *#read(digest: Digest): AsyncGenerator<Buffer> {
    try {
      yield* createReadStream(this.blobPath(digest), {
        highWaterMark: CHUNK,
      }) as AsyncIterable<Buffer>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw corrupt(`blob ${digest} is missing in the store`);
    }
  }

  /** A blob that is there already stays, so that nobody's open file changes; a damaged one of another size is replaced. */
  #accept(temporary: string, digest: Digest, size: number): void {
    const path = this.blobPath(digest);
    if (statSync(path, { throwIfNoEntry: false })?.size === size) return rmSync(temporary);
    renameSync(temporary, path);
    syncDirectory(this.#blobs);
  }

  #recordPath(area: string, key: string): string {
    return join(this.area(area), `${hexOf(digestOf(key))}.json`);
  }
}

interface Stored {
  readonly key: string;
  readonly value: unknown;
}

const RESERVED: ReadonlySet<string> = new Set(['blobs', 'temporary']);

function checkExpected(
  written: { digest: Digest; size: number },
  expected: { readonly digest?: Digest; readonly size?: number },
): void {
  const { digest = written.digest, size = written.size } = expected;
  if (digest === written.digest && size === written.size) return;
  throw corrupt(
    `content of ${size} bytes with ${digest} was announced, but ${written.size} bytes with ${written.digest} came`,
  );
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o644);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function corrupt(message: string): UserError {
  const hint = 'Run the task again; when it fails in the same way, remove the store directory.';
  return new UserError({ code: 'STORE_CORRUPT', message, hint }, { retryable: true });
}
