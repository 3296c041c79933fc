import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { constants } from 'node:fs';
import {
  bytes,
  type ByteString,
  byteStringOf,
  compareBytes,
  encodeText,
  joinPath,
} from '@nx-nixpack/base';

const CHUNK = 1024 * 1024;
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** An absolute path of this machine, byte for byte. */
export type DiskPath = ByteString & { readonly __disk?: never };

export const diskPath = (path: string): DiskPath => encodeText(path);
export const onDisk = (path: DiskPath): Buffer => Buffer.from(path, 'latin1');
export const below = (root: DiskPath, path: ByteString): DiskPath =>
  path === '' ? root : bytes`${root}/${path}`;

/** undefined when there is nothing, or when a part of the way to it is not a directory. Never follows the last part. */
export function lstat(path: DiskPath): Stats | undefined {
  try {
    return lstatSync(onDisk(path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The names in a directory in byte order. Throws when it is none. */
export const namesIn = (path: DiskPath): ByteString[] =>
  (readdirSync(onDisk(path), 'latin1') as ByteString[]).sort(compareBytes);

export const linkTarget = (path: DiskPath): ByteString =>
  byteStringOf(readlinkSync(onDisk(path), 'buffer'));

/** Buffers that nobody reads into: a tree has many small files, and a new buffer for each would be most of the memory. */
const spare: Buffer[] = [];

/** The content of a regular file, read at once in large pieces; a piece is only valid until the next one. */
export function* contentOf(path: DiskPath): Generator<Buffer> {
  const file = openSync(onDisk(path), OPEN_FLAGS);
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
  try {
    for (;;) {
      const length = readSync(file, buffer, 0, CHUNK, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    spare.push(buffer);
    closeSync(file);
  }
}

export const permissions = ({ mode }: Pick<Stats, 'mode'>): number => mode & 0o7777;

/** Everything below a directory in walk order, with stats; the directory itself is not included. */
export function* walkDisk(
  root: DiskPath,
  directory: ByteString = bytes``,
): Generator<{ path: ByteString; stats: Stats }> {
  for (const name of namesIn(below(root, directory))) {
    const path = joinPath(directory, name);
    const stats = lstat(below(root, path));
    if (stats === undefined) continue;
    yield { path, stats };
    if (stats.isDirectory()) yield* walkDisk(root, path);
  }
}
