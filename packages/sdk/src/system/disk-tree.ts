import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type BigIntStats,
} from 'node:fs';
import {
  bytes,
  type ByteString,
  byteStringOf,
  compareBytes,
  type Entry,
  type EntryType,
  type FileTree,
  joinPath,
  parentOf,
  sanitize,
  UserError,
} from '@nx-nixpack/base';
import { Stamps } from './stamps.js';

const CHUNK = 1024 * 1024;
// Without O_NONBLOCK, opening what became a FIFO after it was listed would wait forever.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A directory of this machine as a file tree. Each directory is listed once and each entry looked at once, when it is
 * first needed; links are never followed. Reading throws UserError SOURCE_CHANGED when a file is not what it was when
 * it was first looked at, or changes while it is read.
 */
export function diskTree(root: string): FileTree {
  return new DiskTree(realpathOf(root));
}

class DiskTree implements FileTree {
  readonly #root: ByteString;
  /** What was asked for or listed; absent things too. */
  readonly #met = new Map<ByteString, Entry | undefined>();
  /** What it was at that moment, of files. */
  readonly #stamps = new Stamps();
  readonly #stampOf = new Map<Entry, number>();
  readonly #listings = new Map<ByteString, readonly Entry[]>();

  constructor(root: ByteString) {
    this.#root = root;
    this.#met.set(bytes``, this.#look(bytes``));
  }

  list(directory: ByteString): readonly Entry[] {
    let listing = this.#listings.get(directory);
    if (listing === undefined) this.#listings.set(directory, (listing = this.#read(directory)));
    return listing;
  }

  entry(path: ByteString): Entry | undefined {
    return this.#meet(path);
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const entry = this.#meet(path);
    const stamp = entry && this.#stampOf.get(entry);
    if (entry === undefined || stamp === undefined) throw new Error(`not a regular file: ${path}`);
    const isSame = (stat: BigIntStats): boolean => this.#stamps.matches(stamp, stat);
    return contentOf(this.#onDisk(path), entry, isSame);
  }

  /** From the nearest part that is known down, so that no part of the path is a link. */
  #meet(path: ByteString): Entry | undefined {
    const unknown: ByteString[] = [];
    for (let at = path; !this.#met.has(at); at = parentOf(at)) unknown.push(at);
    for (const at of unknown.reverse()) {
      const isInDirectory = this.#met.get(parentOf(at))?.type === 'directory';
      this.#met.set(at, isInDirectory ? this.#look(at) : undefined);
    }
    return this.#met.get(path);
  }

  #look(path: ByteString): Entry | undefined {
    return guarded(path, () => {
      const onDisk = this.#onDisk(path);
      const stat = lstatSync(onDisk, { bigint: true, throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      const target = stat.isSymbolicLink()
        ? byteStringOf(readlinkSync(onDisk, 'buffer'))
        : undefined;
      const entry = entryOf(path, stat, target);
      if (entry.type === 'file') this.#stampOf.set(entry, this.#stamps.add(stat));
      return entry;
    });
  }

  #read(directory: ByteString): readonly Entry[] {
    if (this.#meet(directory)?.type !== 'directory') return [];
    const names = guarded(
      directory,
      () => readdirSync(this.#onDisk(directory), 'latin1') as ByteString[],
    );
    return names.sort(compareBytes).flatMap((name) => this.entry(joinPath(directory, name)) ?? []);
  }

  #onDisk(path: ByteString): Buffer {
    return Buffer.from(path === '' ? this.#root || '/' : `${this.#root}/${path}`, 'latin1');
  }
}

function realpathOf(root: string): ByteString {
  try {
    const real = byteStringOf(realpathSync(root, { encoding: 'buffer' }));
    return real === '/' ? bytes`` : real;
  } catch (error) {
    throw new UserError(
      {
        code: 'SOURCE_MISSING',
        message: `There is no directory ${root}`,
        hint: 'Check the path of the workspace.',
      },
      { cause: error },
    );
  }
}

function entryOf(path: ByteString, stat: BigIntStats, target?: ByteString): Entry {
  const type = typeOf(stat);
  return {
    path,
    type,
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    size: type === 'file' ? Number(stat.size) : 0,
    ...(target === undefined ? {} : { target }),
  };
}

function typeOf(stat: BigIntStats): EntryType {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  return stat.isCharacterDevice() ? 'character-device' : 'block-device';
}

function* contentOf(
  onDisk: Buffer,
  { path, size }: Entry,
  isSame: (stat: BigIntStats) => boolean,
): Generator<Uint8Array> {
  const file = guarded(path, () => openSync(onDisk, OPEN_FLAGS));
  try {
    if (!isSame(fstatSync(file, { bigint: true }))) throw changed(path);
    yield* chunksOf(file, path, size);
    if (!isSame(fstatSync(file, { bigint: true }))) throw changed(path);
  } finally {
    closeSync(file);
  }
}

function* chunksOf(file: number, path: ByteString, size: number): Generator<Uint8Array> {
  for (let offset = 0; offset < size;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - offset));
    const count = readSync(file, chunk, 0, chunk.byteLength, null);
    if (count === 0) throw changed(path);
    offset += count;
    yield chunk.subarray(0, count);
  }
}

const VANISHED = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ESTALE']);

/** Turns what the system refuses into an error of the user's world. */
function guarded<T>(path: ByteString, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (VANISHED.has(code)) throw changed(path, error);
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENAMETOOLONG') throw error;
    throw new UserError(
      {
        code: 'SOURCE_UNSUPPORTED',
        message: `${shown(path)} cannot be read (${code})`,
        hint: 'Make it readable, shorten its path, or name it in .gitignore or .dockerignore.',
      },
      { cause: error },
    );
  }
}

function changed(path: ByteString, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'SOURCE_CHANGED',
      message: `${shown(path)} changed while it was read`,
      hint: 'Run the task again when nothing writes to the source any more.',
    },
    { cause, retryable: true },
  );
}

const shown = (path: ByteString): string => sanitize(Buffer.from(path || '.', 'latin1').toString());
