import {
  type ByteString,
  decodeText,
  type Entry,
  type FileTree,
  joinPath,
  readFileBytes,
} from '@nx-nixpack/base';

/** A file that cannot be understood. Catalogers report it as a problem and go on. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Links followed for one path before it counts as a loop; the kernel's own limit. */
const MAX_LINKS = 40;
const MAX_METADATA_BYTES = 16 * 1024 * 1024;

/** An image's merged tree as its own programs would see it: symbolic links are followed and never leave the image. */
export class ImageView {
  readonly #tree: FileTree;
  readonly #directories = new Map<ByteString, ByteString | undefined>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** Where a path really lies; undefined when it, or what a link on its way names, does not exist. */
  resolve(path: ByteString, links = 0): ByteString | undefined {
    if (path === '') return '';
    const directory = this.#resolveDirectory(parentOf(path), links);
    if (directory === undefined) return undefined;
    const name = baseName(path);
    if (name === '' || name === '.') return directory;
    if (name === '..') return parentOf(directory);
    const entry = this.#tree.entry(joinPath(directory, name));
    if (entry?.type !== 'symlink') return entry?.path;
    if (links >= MAX_LINKS) return undefined;
    return this.resolve(linkTarget(directory, entry.target ?? ''), links + 1);
  }

  /** The entry itself, links on the way to it followed. */
  entry(path: ByteString): Entry | undefined {
    const real = this.resolve(path);
    return real === undefined ? undefined : this.#tree.entry(real);
  }

  isFile(path: ByteString): boolean {
    const entry = this.entry(path);
    return entry !== undefined && isFile(entry);
  }

  list(directory: ByteString): Iterable<Entry> {
    const real = this.resolve(directory);
    return real === undefined ? [] : this.#tree.list(real);
  }

  /** Throws Unreadable when it is no file or is larger than metadata ever is. */
  bytes(path: ByteString): Buffer {
    const entry = this.entry(path);
    if (entry === undefined || !isFile(entry)) throw new Unreadable('is not a file');
    if (entry.size > MAX_METADATA_BYTES) throw new Unreadable('is larger than 16 MiB');
    return readFileBytes(this.#tree, entry.path, MAX_METADATA_BYTES);
  }

  /** Throws Unreadable when it is no file. */
  open(path: ByteString): Iterable<Uint8Array> {
    const entry = this.entry(path);
    if (entry === undefined || !isFile(entry)) throw new Unreadable('is not a file');
    return this.#tree.open(entry.path);
  }

  /** Throws Unreadable when it is no file or not UTF-8. */
  text(path: ByteString): string {
    const text = decodeText(this.bytes(path).toString('latin1'));
    if (text === undefined) throw new Unreadable('is not UTF-8');
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  #resolveDirectory(path: ByteString, links: number): ByteString | undefined {
    if (this.#directories.has(path)) return this.#directories.get(path);
    const real = this.resolve(path, links);
    this.#directories.set(path, real);
    return real;
  }
}

export const isFile = (entry: Entry): boolean => entry.type === 'file' || entry.type === 'hardlink';

/** The directory of a path; the root is its own. */
export function parentOf(path: ByteString): ByteString {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export const baseName = (path: ByteString): ByteString => path.slice(path.lastIndexOf('/') + 1);

/** What a link in `directory` names, `..` removed by name where that is safe: links inside are followed later. */
function linkTarget(directory: ByteString, target: ByteString): ByteString {
  if (target.startsWith('/')) return target.replace(/^\/+/, '').replace(/\/+$/, '');
  return joinPath(directory, target.replace(/\/+$/, ''));
}

/** A path of the image as text: absolute; bytes that are not UTF-8 are written as \xNN, so that nothing is lost. */
export function imagePath(path: ByteString): string {
  const text = decodeText(path);
  if (text !== undefined) return `/${text}`;
  return `/${path.replace(/[\x80-\xff\\]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)}`;
}
