import { bytes, type ByteString, type Entry, joinPath } from '@nx-nixpack/base';
import type { Digest } from '../digest.js';
import type { Found, LayeredTree } from '../layer/layered-tree.js';
import { ownText } from '../layer/tree-path.js';
import type { TarEntry } from '../tar/tar-format.js';

/** What many entries of an image have in common. */
type Meta = Omit<Entry, 'path' | 'size'>;

/** One name of the merged tree. Hard links are names of their own with the same content. An image has many: they are small. */
export class TreeNode {
  meta: Meta;
  size = 0;
  /** The open file with the tar that holds the content, and where it begins there. */
  file = NO_FILE;
  offset = 0;
  /** The layer that gave this entry last. */
  layer: Digest | undefined;
  /** How many names the file has, counted by all of them together; undefined when it is only this one. */
  names: { count: number } | undefined;
  readonly name: ByteString;
  readonly parent: TreeNode | undefined;
  /** Bytes of the path. */
  readonly length: number;
  #children: Map<ByteString, TreeNode> | undefined;
  /** Number of the last layer that gave this entry or something below it. */
  touched = -1;

  constructor(name: ByteString, parent: TreeNode | undefined, meta: Meta = DIRECTORY) {
    this.name = name;
    this.parent = parent;
    this.meta = meta;
    this.length = parent === undefined ? 0 : parent.length + name.length + 1;
  }

  get children(): ReadonlyMap<ByteString, TreeNode> {
    return this.#children ?? NO_CHILDREN;
  }
  get isDirectory(): boolean {
    return this.meta.type === 'directory';
  }
  get path(): ByteString {
    return this.parent === undefined ? bytes`` : joinPath(this.parent.path, this.name);
  }
  get entry(): Entry {
    return { path: this.path, ...this.meta, size: this.size };
  }

  add(child: TreeNode): void {
    (this.#children ??= new Map()).set(child.name, child);
  }
  remove(name: ByteString): void {
    this.#children?.delete(name);
  }
}

const NO_FILE = -1;
const NO_CHILDREN: ReadonlyMap<ByteString, TreeNode> = new Map();
const DIRECTORY: Meta = { type: 'directory', mode: 0o755, uid: 0, gid: 0 };

/** The tree that layers make one over the other, held in memory. What layers mean is in LayerRules. */
export class MergedTree implements LayeredTree<TreeNode> {
  readonly root = new TreeNode(bytes``, undefined);
  #number = -1;
  #layer: Digest | undefined;
  #file = NO_FILE;
  readonly #metas = new Map<string, Meta>();

  /** Entries that follow belong to this layer, whose tar is in an open file. */
  beginLayer(layer: Digest, file: number): void {
    this.#number += 1;
    this.#layer = layer;
    this.#file = file;
  }

  /** The node at exactly this path, no link followed. */
  at(path: ByteString): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    if (path === '') return node;
    for (const name of path.split('/')) node = node?.children.get(name);
    return node;
  }

  parentOf = (directory: TreeNode): TreeNode | undefined => directory.parent;
  nameOf = (directory: TreeNode): ByteString => directory.name;
  lengthOf = (directory: TreeNode): number => directory.length;
  namesIn = (directory: TreeNode): ByteString[] => [...directory.children.keys()];

  find(directory: TreeNode, name: ByteString): Found<TreeNode> | undefined {
    const node = directory.children.get(name);
    if (node === undefined) return undefined;
    if (node.isDirectory) return { kind: 'directory', directory: node };
    if (node.meta.type !== 'symlink') return { kind: 'other' };
    return { kind: 'symlink', target: node.meta.target ?? bytes`` };
  }

  linksOf(directory: TreeNode, name: ByteString): number {
    return directory.children.get(name)?.names?.count ?? 1;
  }

  imply(directory: TreeNode, name: ByteString): TreeNode {
    return this.#set(directory, name, DIRECTORY);
  }

  dressRoot(entry: TarEntry): void {
    this.root.meta = this.#metaOf(entry);
    this.root.layer = this.#layer;
  }

  put(directory: TreeNode, name: ByteString, entry: TarEntry, offset: number): void {
    const node = this.#set(directory, name, this.#metaOf(entry));
    if (entry.type !== 'file') return;
    node.size = entry.size;
    node.file = this.#file;
    node.offset = offset;
  }

  link(directory: TreeNode, name: ByteString, source: TreeNode, sourceName: ByteString): void {
    const named = source.children.get(sourceName) as TreeNode;
    const node = this.#set(directory, name, named.meta);
    node.size = named.size;
    node.file = named.file;
    node.offset = named.offset;
    node.names = named.names ??= { count: 1 };
    node.names.count += 1;
  }

  remove(directory: TreeNode, name: ByteString): void {
    const node = directory.children.get(name);
    if (node !== undefined) uncount(node);
    directory.remove(name);
  }

  isMarked(directory: TreeNode, name: ByteString): boolean {
    return directory.children.get(name)?.touched === this.#number;
  }

  mark(directory: TreeNode, name: ByteString): void {
    (directory.children.get(name) as TreeNode).touched = this.#number;
  }

  /** Only a directory that is given again keeps what is in it. */
  #set(directory: TreeNode, name: ByteString, meta: Meta): TreeNode {
    const existing = directory.children.get(name);
    const kept = existing?.isDirectory === true && meta.type === 'directory';
    const node = kept ? existing : new TreeNode(ownText(name), directory, meta);
    node.meta = meta;
    node.layer = this.#layer;
    if (kept) return node;
    if (existing !== undefined) uncount(existing);
    directory.add(node);
    return node;
  }

  #metaOf({ path: _path, mtime: _mtime, size: _size, ...meta }: TarEntry): Meta {
    if (meta.target ?? meta.device ?? meta.xattrs) return meta;
    const key = `${meta.type} ${meta.mode} ${meta.uid} ${meta.gid}`;
    const known = this.#metas.get(key) ?? meta;
    this.#metas.set(key, known);
    return known;
  }
}

/** A name, and all that are below it, are gone. */
function uncount(top: TreeNode): void {
  const gone = [top];
  for (let node = gone.pop(); node !== undefined; node = gone.pop()) {
    if (node.names !== undefined) node.names.count -= 1;
    for (const child of node.children.values()) gone.push(child);
  }
}
