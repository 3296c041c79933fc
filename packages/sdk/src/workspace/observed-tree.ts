import { createHash } from 'node:crypto';
import {
  readFileBytes,
  UserError,
  type ByteString,
  type Entry,
  type FileTree,
} from '@nx-nixpack/base';

/**
 * A view of a tree that remembers what was asked of it, so that it can tell whether another tree would answer the same.
 * Sizes of listed files do not count: whoever reads a file asks for it.
 */
export class ObservedTree implements FileTree {
  #tree: FileTree;
  readonly #entries = new Map<ByteString, Entry | undefined>();
  readonly #listings = new Map<ByteString, readonly Entry[]>();
  readonly #contents = new Map<ByteString, string>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  list(directory: ByteString): readonly Entry[] {
    const listing = [...this.#tree.list(directory)];
    this.#listings.set(directory, listing);
    return listing;
  }

  entry(path: ByteString): Entry | undefined {
    const entry = this.#tree.entry(path);
    this.#entries.set(path, entry);
    return entry;
  }

  open(path: ByteString): Iterable<Uint8Array> {
    // Once: a tree refuses to give other bytes later.
    if (this.#contents.has(path)) return this.#tree.open(path);
    const content = contentOf(this.#tree, path);
    this.#contents.set(path, digestOf(content));
    return content === undefined ? this.#tree.open(path) : [content];
  }

  /** Whether a tree of now answers the same. It is asked from then on: what was only listed may be another file by now. */
  movesTo(tree: FileTree): boolean {
    const agrees =
      [...this.#entries].every(([path, entry]) => isSameEntry(entry, tree.entry(path))) &&
      [...this.#listings].every(([path, one]) => isSameListing(one, [...tree.list(path)])) &&
      [...this.#contents].every(([path, digest]) => digestOf(contentOf(tree, path)) === digest);
    if (agrees) this.#tree = tree;
    return agrees;
  }
}

const isSameListing = (one: readonly Entry[], other: readonly Entry[]): boolean =>
  one.length === other.length && one.every((entry, index) => isSameListed(entry, other[index]));

const isSameListed = (one: Entry, other: Entry | undefined): boolean =>
  one.path === other?.path && one.type === other.type && one.target === other.target;

function isSameEntry(one: Entry | undefined, other: Entry | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isSameListed(one, other) && one.mode === other.mode && one.size === other.size;
}

const digestOf = (content: Buffer | undefined): string =>
  content === undefined ? '' : createHash('sha256').update(content).digest('base64');

/** Reads the file: times and sizes do not tell of every edit. Undefined when there is nothing to read. */
function contentOf(tree: FileTree, path: ByteString): Buffer | undefined {
  try {
    return tree.entry(path)?.type === 'file' ? readFileBytes(tree, path) : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined; // vanished or changed meanwhile; asked again it will answer
    throw error;
  }
}
