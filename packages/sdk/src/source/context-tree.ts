import {
  bytes,
  type ByteString,
  compareBytes,
  type Entry,
  type FileTree,
  parentOf,
  shownPath,
  UserError,
} from '@nx-nixpack/base';
import { Digester, type Digest } from '@nx-nixpack/oci';

/** One file or link of a build, in the form in which it enters the image. */
export interface ContextFile {
  readonly path: ByteString;
  readonly type: 'file' | 'symlink';
  readonly executable: boolean;
  readonly size: number;
  readonly target?: ByteString | undefined;
  open(): Iterable<Uint8Array>;
}

/** An entry of a disk as it enters the image. Throws for what no image should hold. */
export function contextFile(tree: FileTree, entry: Entry, path: ByteString): ContextFile {
  if (/(?:^|\/)\.wh\./.test(path)) throw whiteout(path);
  if (entry.type !== 'file' && entry.type !== 'symlink') throw special(path, entry.type);
  return new PlacedFile(tree, entry, path);
}

/** There may be hundreds of thousands: everything is the disk entry's, nothing is kept twice. */
class PlacedFile implements ContextFile {
  readonly path: ByteString;
  readonly #tree: FileTree;
  readonly #entry: Entry;

  constructor(tree: FileTree, entry: Entry, path: ByteString) {
    this.path = path;
    this.#tree = tree;
    this.#entry = entry;
  }

  get type(): 'file' | 'symlink' {
    return this.#entry.type === 'symlink' ? 'symlink' : 'file';
  }

  /** As git sees it: the owner's bit. The other bits depend on the umask of the checkout. */
  get executable(): boolean {
    return this.type === 'file' && (this.#entry.mode & 0o100) !== 0;
  }

  get size(): number {
    return this.#entry.size;
  }

  get target(): ByteString | undefined {
    return this.type === 'symlink' ? (this.#entry.target ?? bytes``) : undefined;
  }

  open(): Iterable<Uint8Array> {
    return this.type === 'symlink' ? [] : this.#tree.open(this.#entry.path);
  }
}

const special = (path: ByteString, type: string): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `${shownPath(path)} is a ${type}, which an image cannot hold`,
    hint: 'Delete it, or name it in .gitignore or .dockerignore.',
  });

const whiteout = (path: ByteString): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `${shownPath(path)} begins with .wh., which means a deletion in an image layer`,
    hint: 'Rename it, or name it in .gitignore or .dockerignore.',
  });

/** Derived bytes as a file. */
export const derivedFile = (path: ByteString, content: Uint8Array): ContextFile => ({
  path,
  type: 'file',
  executable: false,
  size: content.byteLength,
  open: () => [content],
});

/** The files of a build as a tree: numeric ids 0, modes 644 and 755, directories only where something lies in them. */
export function contextTree(files: readonly ContextFile[]): FileTree {
  return new ContextTree(files);
}

class ContextTree implements FileTree {
  /** Directories as undefined. Entries are made when they are asked for. */
  readonly #files = new Map<ByteString, ContextFile | undefined>([[bytes``, undefined]]);
  readonly #children = new Map<ByteString, ByteString[]>([[bytes``, []]]);

  constructor(files: readonly ContextFile[]) {
    for (const file of files) this.#add(file.path, file);
    for (const children of this.#children.values()) children.sort(compareBytes);
  }

  *list(directory: ByteString): Generator<Entry> {
    for (const path of this.#children.get(directory) ?? []) {
      const entry = this.entry(path);
      if (entry !== undefined) yield entry;
    }
  }

  entry(path: ByteString): Entry | undefined {
    const file = this.#files.get(path);
    if (file !== undefined) return entryOf(file);
    return this.#files.has(path) ? directoryEntry(path) : undefined;
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const file = this.#files.get(path);
    if (file?.type !== 'file') throw new Error(`not a regular file: ${path}`);
    return file.open();
  }

  /** Adds a file, and the directories above it that are new. */
  #add(path: ByteString, file: ContextFile | undefined): void {
    if (this.#files.has(path)) return;
    this.#files.set(path, file);
    const parent = parentOf(path);
    this.#add(parent, undefined);
    const siblings = this.#children.get(parent);
    if (siblings === undefined) this.#children.set(parent, [path]);
    else siblings.push(path);
  }
}

const directoryEntry = (path: ByteString): Entry => ({
  path,
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
});

function entryOf({ path, type, executable, size, target }: ContextFile): Entry {
  const mode = executable ? 0o755 : 0o644;
  return {
    path,
    type,
    mode: type === 'symlink' ? 0o777 : mode,
    uid: 0,
    gid: 0,
    size,
    ...(target === undefined ? {} : { target }),
  };
}

/**
 * One digest over path, type, executable bit and link target or content of every file, in byte order of the paths: equal
 * exactly when what enters the image is equal. Reads all contents, and keeps nothing of them.
 */
export function contextDigest(files: readonly ContextFile[]): Digest {
  const digester = new Digester();
  let separator = '';
  for (const file of [...files].sort((a, b) => compareBytes(a.path, b.path))) {
    const { path, type, executable, target } = file;
    const line = JSON.stringify([path, type, executable, target ?? contentDigest(file.open())]);
    digester.update(Buffer.from(separator + line, 'latin1'));
    separator = '\n';
  }
  return digester.digest();
}

function contentDigest(chunks: Iterable<Uint8Array>): Digest {
  const digester = new Digester();
  for (const chunk of chunks) digester.update(chunk);
  return digester.digest();
}
