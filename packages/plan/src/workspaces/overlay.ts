import {
  compareBytes,
  encodeText,
  joinPath,
  type ByteString,
  type Entry,
  type FileTree,
} from '@nx-nixpack/base';
import type { Closure } from './ecosystem.js';
import { joinDirectories } from './workspace-path.js';

/**
 * What a provider sees of a source in a workspace: the source as root, with the root's lock file and version files in
 * place of those it lacks, and what the ecosystem changes in its manifest. So its plan comes out as for a project of its own.
 */
export function overlay(files: FileTree, { source, root, ecosystem }: Closure): FileTree {
  const own = encodeText(source);
  const places = new Map<ByteString, ByteString>();
  for (const name of ecosystem?.shared ?? []) {
    const place = encodeText(joinDirectories(root, name));
    const absent = files.entry(joinPath(own, encodeText(name))) === undefined;
    if (absent && files.entry(place)?.type === 'file') places.set(encodeText(name), place);
  }
  const contents = ecosystem?.changed?.(files, { source, root }) ?? new Map<ByteString, Buffer>();
  return new OverlaidTree(files, own, places, contents);
}

class OverlaidTree implements FileTree {
  readonly #files: FileTree;
  readonly #source: ByteString;
  /** Names at the root that are taken from elsewhere. */
  readonly #places: ReadonlyMap<ByteString, ByteString>;
  readonly #contents: ReadonlyMap<ByteString, Buffer>;

  constructor(
    files: FileTree,
    source: ByteString,
    places: ReadonlyMap<ByteString, ByteString>,
    contents: ReadonlyMap<ByteString, Buffer>,
  ) {
    this.#files = files;
    this.#source = source;
    this.#places = places;
    this.#contents = contents;
  }

  list(directory: ByteString): readonly Entry[] {
    const own = [...this.#files.list(this.#place(directory))].map((entry) =>
      this.#moved(entry, this.#relative(entry.path)),
    );
    if (directory !== '') return own;
    const added = [...this.#places.keys()].flatMap((name) => this.entry(name) ?? []);
    return [...own, ...added].sort((a, b) => compareBytes(a.path, b.path));
  }

  entry(path: ByteString): Entry | undefined {
    const entry = this.#files.entry(this.#place(path));
    return entry === undefined ? undefined : this.#moved(entry, path);
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const content = this.#contents.get(path);
    return content === undefined ? this.#files.open(this.#place(path)) : [content];
  }

  #place(path: ByteString): ByteString {
    return this.#places.get(path) ?? (path === '' ? this.#source : joinPath(this.#source, path));
  }

  #relative(path: ByteString): ByteString {
    return this.#source === '' ? path : path.slice(this.#source.length + 1);
  }

  #moved(entry: Entry, path: ByteString): Entry {
    const size = this.#contents.get(path)?.byteLength ?? entry.size;
    return { ...entry, path, size };
  }
}
