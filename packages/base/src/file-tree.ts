import { bytes, type ByteString } from './byte-string.js';

export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'socket';

/** One entry of a file tree, never following a link. */
export interface Entry {
  /** Relative to the tree's root, `/` between parts, no leading or trailing slash; '' is the root itself. */
  readonly path: ByteString;
  readonly type: EntryType;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for anything but a file. */
  readonly size: number;
  /** Target of a symlink as stored, or the path (in this tree) of what a hard link names. */
  readonly target?: ByteString;
  /** Major and minor number of a device. */
  readonly device?: readonly [number, number];
  /** Extended attributes that are kept, e.g. `security.capability`. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

/**
 * Read-only view of a file tree: a component's source, a layer, an image's merged root.
 * Byte-exact names; walk order: each directory's names sorted by bytes, depth first, a directory before its contents.
 */
export interface FileTree {
  /** The immediate children of a directory in byte order; nothing for what is absent or no directory. */
  list(directory: ByteString): Iterable<Entry>;
  entry(path: ByteString): Entry | undefined;
  /** The content of a regular file (or of what a hard link names), in chunks. Throws when it is neither. */
  open(path: ByteString): Iterable<Uint8Array>;
}

/** Every entry below `directory` in walk order, without `directory` itself. */
export function* walk(tree: FileTree, directory: ByteString = bytes``): Generator<Entry> {
  const pending = [tree.list(directory)[Symbol.iterator]()];
  while (pending.length > 0) {
    const next = pending[pending.length - 1]?.next();
    if (next === undefined || next.done === true) {
      pending.pop();
      continue;
    }
    yield next.value;
    if (next.value.type === 'directory')
      pending.push(tree.list(next.value.path)[Symbol.iterator]());
  }
}

/** The whole content of one file. Throws a RangeError when it is larger than `limit` bytes. */
export function readFileBytes(tree: FileTree, path: ByteString, limit = 64 * 1024 * 1024): Buffer {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (const chunk of tree.open(path)) {
    size += chunk.byteLength;
    if (size > limit) throw new RangeError(`file is larger than ${limit} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
