import {
  compareBytes,
  UserError,
  type ByteString,
  type Entry,
  type FileTree,
} from '@nx-nixpack/base';
import { Digester, digestOf, type Digest } from '@nx-nixpack/oci';
import { shownPath } from './collect-files.js';

/** One file or link of a build, in the form in which it enters the image. */
export interface ContextFile {
  readonly path: ByteString;
  readonly type: 'file' | 'symlink';
  readonly executable: boolean;
  readonly size: number;
  readonly target?: ByteString;
  readonly open: () => Iterable<Uint8Array>;
}

/** What of a file the image depends on. */
export interface ManifestEntry {
  readonly path: ByteString;
  readonly type: 'file' | 'symlink';
  readonly executable: boolean;
  readonly target?: ByteString;
  /** Of the content; absent for a link. */
  readonly digest?: Digest;
}

/** An entry of a disk as it enters the image. Throws for what no image should hold. */
export function contextFile(tree: FileTree, entry: Entry, path: ByteString): ContextFile {
  if (/(?:^|\/)\.wh\./.test(path)) throw whiteout(path);
  if (entry.type === 'symlink')
    return {
      path,
      type: 'symlink',
      executable: false,
      size: 0,
      target: entry.target ?? '',
      open: () => [],
    };
  if (entry.type !== 'file') throw special(path, entry.type);
  return {
    path,
    type: 'file',
    // As git sees it: the owner's bit. The other bits depend on the umask of the checkout.
    executable: (entry.mode & 0o100) !== 0,
    size: entry.size,
    open: () => tree.open(entry.path),
  };
}

const special = (path: ByteString, type: string): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `${shownPath(path)} is a ${type}, which an image cannot hold`,
    hint: 'Delete it, or name it in .gitignore or .dockerignore',
  });

const whiteout = (path: ByteString): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `${shownPath(path)} begins with .wh., which means a deletion in an image layer`,
    hint: 'Rename it, or name it in .gitignore or .dockerignore',
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
  readonly #files = new Map<ByteString, ContextFile>();
  readonly #entries = new Map<ByteString, Entry>([['', directoryEntry('')]]);
  readonly #children = new Map<ByteString, ByteString[]>([['', []]]);

  constructor(files: readonly ContextFile[]) {
    for (const file of files) {
      this.#files.set(file.path, file);
      this.#add(entryOf(file));
    }
    for (const children of this.#children.values()) children.sort(compareBytes);
  }

  *list(directory: ByteString): Generator<Entry> {
    for (const path of this.#children.get(directory) ?? []) {
      const entry = this.#entries.get(path);
      if (entry !== undefined) yield entry;
    }
  }

  entry(path: ByteString): Entry | undefined {
    return this.#entries.get(path);
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const file = this.#files.get(path);
    if (file?.type !== 'file') throw new Error(`not a regular file: ${path}`);
    return file.open();
  }

  /** Adds an entry and the directories above it that are new. */
  #add(entry: Entry): void {
    for (
      let each = entry;
      !this.#entries.has(each.path);
      each = directoryEntry(parentOf(each.path))
    ) {
      this.#entries.set(each.path, each);
      const siblings = this.#children.get(parentOf(each.path)) ?? [];
      siblings.push(each.path);
      this.#children.set(parentOf(each.path), siblings);
    }
  }
}

const parentOf = (path: ByteString): ByteString =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')));

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

/** Path, type, executable bit, link target and content digest of every file, sorted by path. Reads all contents. */
export function manifestOf(files: readonly ContextFile[]): readonly ManifestEntry[] {
  return [...files]
    .sort((a, b) => compareBytes(a.path, b.path))
    .map(({ path, type, executable, target, open }) =>
      type === 'symlink'
        ? { path, type, executable, ...(target === undefined ? {} : { target }) }
        : { path, type, executable, digest: contentDigest(open()) },
    );
}

function contentDigest(chunks: Iterable<Uint8Array>): Digest {
  const digester = new Digester();
  for (const chunk of chunks) digester.update(chunk);
  return digester.digest();
}

/** One digest over a manifest: equal exactly when what enters the image is equal. */
export function manifestDigest(manifest: readonly ManifestEntry[]): Digest {
  const lines = manifest.map(({ path, type, executable, target, digest }) =>
    JSON.stringify([path, type, executable, target ?? digest]),
  );
  return digestOf(Buffer.from(lines.join('\n'), 'latin1'));
}
