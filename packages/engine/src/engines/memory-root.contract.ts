import {
  baseName,
  bytes,
  type ByteString,
  compareBytes,
  type Entry,
  type FileTree,
  followLinks,
  joinPath,
  normalizePath,
  parentOf,
  type Place,
  walk,
} from '@nx-nixpack/base';

/** What is at a path; all names of one file share the node. */
export interface MemoryNode {
  readonly type: Exclude<Entry['type'], 'hardlink'>;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly content?: Uint8Array;
  readonly target?: ByteString;
  readonly device?: readonly [number, number];
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

const DIRECTORY: MemoryNode = { type: 'directory', mode: 0o755, uid: 0, gid: 0 };

/** A root file system in memory that can be written, for specs. Paths are relative or absolute; links on the way are followed. */
export class MemoryRoot implements FileTree {
  readonly #nodes = new Map<ByteString, MemoryNode>([[bytes``, DIRECTORY]]);

  /** A copy of any tree: what is then written changes only the copy. */
  static of(tree: FileTree): MemoryRoot {
    const root = new MemoryRoot();
    const top = tree.entry(bytes``);
    if (top) root.#nodes.set(bytes``, nodeOf(tree, top));
    for (const entry of walk(tree))
      root.#nodes.set(
        entry.path,
        entry.type === 'hardlink'
          ? (root.#nodes.get(entry.target ?? bytes``) ?? DIRECTORY)
          : nodeOf(tree, entry),
      );
    return root;
  }

  list(directory: ByteString): Entry[] {
    const prefix = directory === '' ? '' : `${directory}/`;
    return [...this.#nodes.keys()]
      .filter((path) => path !== '' && path.startsWith(prefix))
      .filter((path) => !path.slice(prefix.length).includes('/'))
      .sort(compareBytes)
      .flatMap((path) => this.entry(path) ?? []);
  }

  entry(path: ByteString): Entry | undefined {
    const node = this.#nodes.get(path);
    if (node === undefined) return undefined;
    const { content, ...rest } = node;
    const first = node.type === 'file' ? this.#namesOf(node)[0] : path;
    if (first !== path) return { ...rest, path, type: 'hardlink', size: 0, target: first ?? path };
    return { ...rest, path, size: content?.byteLength ?? 0 };
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const node = this.#nodes.get(path);
    if (node?.type !== 'file') throw new Error(`${path} is not a file`);
    return [node.content ?? new Uint8Array()];
  }

  text(path: ByteString): string {
    const [content] = this.open(this.#place(path));
    return Buffer.from(content ?? []).toString('utf8');
  }

  has(path: ByteString): boolean {
    return this.#nodes.has(this.#place(path));
  }

  write(path: ByteString, content: string | Uint8Array, mode = 0o644): void {
    const bytes = Buffer.from(content as Uint8Array);
    this.put(path, { type: 'file', mode, uid: 0, gid: 0, content: bytes });
  }

  directory(path: ByteString, mode = 0o755): void {
    this.put(path, { ...DIRECTORY, mode });
  }

  symlink(path: ByteString, target: ByteString): void {
    this.put(path, { type: 'symlink', mode: 0o777, uid: 0, gid: 0, target: target });
  }

  /** A second name for a file. */
  link(path: ByteString, existing: ByteString): void {
    const node = this.#nodes.get(this.#place(existing));
    if (node?.type !== 'file') throw new Error(`${existing} is not a file`);
    this.put(path, node);
  }

  remove(path: ByteString): void {
    this.#removeAt(this.#place(path));
  }

  /** Puts a node at a path, the directories on the way too. What was there is gone, unless both are directories. */
  put(path: ByteString, node: MemoryNode): void {
    const place = this.#place(path);
    this.#ensure(parentOf(place));
    if (this.#nodes.get(place)?.type !== 'directory' || node.type !== 'directory')
      this.#removeAt(place);
    this.#nodes.set(place, node);
  }

  node(path: ByteString): MemoryNode | undefined {
    return this.#nodes.get(path);
  }

  /** Where a path lies, the links of its directories followed, its own not. */
  #place(path: ByteString): ByteString {
    const clean = normalizePath(path.replace(/^\/+/, '') as ByteString) ?? bytes``;
    const directory = followLinks({ root: 'own', look: this.#look }, parentOf(clean));
    if (directory === undefined) throw new Error(`${path} leads nowhere`);
    return joinPath(directory, baseName(clean));
  }

  readonly #look = (path: ByteString): Place => {
    const node = this.#nodes.get(path);
    return node?.type === 'symlink' ? { target: node.target ?? bytes`` } : 'passable';
  };

  #ensure(directory: ByteString): void {
    if (this.#nodes.get(directory)?.type === 'directory') return;
    this.#ensure(parentOf(directory));
    this.#removeAt(directory);
    this.#nodes.set(directory, DIRECTORY);
  }

  #removeAt(place: ByteString): void {
    for (const path of [...this.#nodes.keys()])
      if (path === place || path.startsWith(`${place}/`)) this.#nodes.delete(path);
  }

  #namesOf(node: MemoryNode): ByteString[] {
    return [...this.#nodes].flatMap(([path, other]) => (other === node ? [path] : [])).sort(walked);
  }
}

/** The order of a walk. */
const walked = (a: ByteString, b: ByteString): number =>
  compareBytes(a.replaceAll('/', '\0') as ByteString, b.replaceAll('/', '\0') as ByteString);

function nodeOf(tree: FileTree, entry: Entry): MemoryNode {
  const { path, size: _size, type, ...rest } = entry;
  if (type === 'hardlink') throw new Error('a link is another name of a node');
  if (type !== 'file') return { ...rest, type };
  return {
    ...rest,
    type,
    content: Buffer.concat([...tree.open(path)].map((piece) => Buffer.from(piece))),
  };
}
