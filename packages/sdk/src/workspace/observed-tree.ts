import {
  readFileBytes,
  UserError,
  type ByteString,
  type Entry,
  type FileTree,
} from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';

/**
 * A view of a tree that remembers what was asked of it, so that it can tell whether another tree would answer the same.
 * Sizes of listed files do not count: whoever reads a file asks for it.
 */
export class ObservedTree implements FileTree {
  readonly #tree: FileTree;
  readonly #entries = new Map<ByteString, string>();
  readonly #listings = new Map<ByteString, string>();
  readonly #contents = new Map<ByteString, string>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  *list(directory: ByteString): Generator<Entry> {
    const listing = [...this.#tree.list(directory)];
    this.#listings.set(directory, listingText(listing));
    yield* listing;
  }

  entry(path: ByteString): Entry | undefined {
    const entry = this.#tree.entry(path);
    this.#entries.set(path, entryText(entry));
    return entry;
  }

  open(path: ByteString): Iterable<Uint8Array> {
    // Once: a tree refuses to give other bytes later.
    if (!this.#contents.has(path)) this.#contents.set(path, contentText(this.#tree, path));
    return this.#tree.open(path);
  }

  agreesWith(tree: FileTree): boolean {
    const every = (answers: Map<ByteString, string>, ask: (path: ByteString) => string): boolean =>
      [...answers].every(([path, answer]) => ask(path) === answer);
    return (
      every(this.#entries, (path) => entryText(tree.entry(path))) &&
      every(this.#listings, (path) => listingText([...tree.list(path)])) &&
      every(this.#contents, (path) => contentText(tree, path))
    );
  }
}

const listingText = (listing: readonly Entry[]): string =>
  listing.map(({ path, type, target = '' }) => `${path}\0${type}\0${target}`).join('\0\0');

const entryText = (entry: Entry | undefined): string =>
  entry === undefined ? '' : `${listingText([entry])}\0${entry.mode}\0${entry.size}`;

/** Reads the file: times and sizes do not tell of every edit. */
function contentText(tree: FileTree, path: ByteString): string {
  try {
    return tree.entry(path)?.type === 'file' ? digestOf(readFileBytes(tree, path)) : '';
  } catch (error) {
    if (error instanceof UserError) return ''; // vanished or changed meanwhile; asked again it will answer
    throw error;
  }
}
