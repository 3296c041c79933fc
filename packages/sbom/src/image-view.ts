import {
  baseName,
  bytes,
  type ByteString,
  byteStringOf,
  decodeText,
  type Entry,
  type FileTree,
  parentOf,
  readFileBytes,
  resolveEntry,
} from '@nx-nixpack/base';

/** A file that cannot be understood. Catalogers report it as a problem and go on. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const MAX_METADATA_BYTES = 16 * 1024 * 1024;

/** An image's merged tree as its own programs would see it: symbolic links are followed and never leave the image. */
export class ImageView {
  readonly #tree: FileTree;
  readonly #directories = new Map<ByteString, ByteString | undefined>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** Where a path really lies; undefined when it, or what a link on its way names, does not exist. */
  resolve(path: ByteString): ByteString | undefined {
    return path === '' ? bytes`` : this.#resolved(path)?.path;
  }

  /** The entry itself, links on the way to it followed. */
  entry(path: ByteString): Entry | undefined {
    return path === '' ? this.#tree.entry(bytes``) : this.#resolved(path);
  }

  isFile(path: ByteString): boolean {
    const entry = this.entry(path);
    return entry !== undefined && isFile(entry);
  }

  list(directory: ByteString): Iterable<Entry> {
    const real = this.resolve(directory);
    return real === undefined ? [] : this.#tree.list(real);
  }

  /** Throws Unreadable when it is not a file or is larger than metadata ever is. */
  bytes(path: ByteString): Buffer {
    const entry = this.entry(path);
    if (entry === undefined || !isFile(entry)) throw new Unreadable('is not a file');
    if (entry.size > MAX_METADATA_BYTES) throw new Unreadable('is larger than 16 MiB');
    return readFileBytes(this.#tree, entry.path, MAX_METADATA_BYTES);
  }

  /** Throws Unreadable when it is not a file. */
  open(path: ByteString): Iterable<Uint8Array> {
    const entry = this.entry(path);
    if (entry === undefined || !isFile(entry)) throw new Unreadable('is not a file');
    return this.#tree.open(entry.path);
  }

  /** Throws Unreadable when it is not a file or not UTF-8. */
  text(path: ByteString): string {
    const text = decodeText(byteStringOf(this.bytes(path)));
    if (text === undefined) throw new Unreadable('is not UTF-8');
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  /** The directory's own place is kept: a directory has many files. */
  #resolved(path: ByteString): Entry | undefined {
    const directory = parentOf(path);
    let from = this.#directories.get(directory);
    if (from === undefined && !this.#directories.has(directory)) {
      from = resolveEntry(this.#tree, directory, { root: 'own' })?.path;
      this.#directories.set(directory, from);
    }
    if (from === undefined) return undefined;
    return resolveEntry(this.#tree, baseName(path), { root: 'own', from });
  }
}

export const isFile = (entry: Entry): boolean => entry.type === 'file' || entry.type === 'hardlink';

/** A path of the image as text: absolute; bytes that are not UTF-8 are written as \xNN, so that nothing is lost. */
export function imagePath(path: ByteString): string {
  const text = decodeText(path);
  if (text !== undefined) return `/${text}`;
  return `/${path.replace(/[\x80-\xff\\]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)}`;
}
