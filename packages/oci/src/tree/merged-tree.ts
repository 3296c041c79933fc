import { type ByteString, type Entry, joinPath } from '@nx-nixpack/base';
import type { Digest } from '../digest.js';
import { directoryOf, nameIn } from '../layer/scoped-directories.js';
import { type Whiteout, whiteoutOf } from '../layer/whiteout.js';

/** Links that may be followed for one name, as in the kernel. */
const MAX_LINKS = 40;
const MAX_PATH = 4096;

/** Where the content of a file lies. */
export interface Content {
  /** An open file with the tar of a layer. */
  readonly file: number;
  readonly offset: number;
}

type Meta = Omit<Entry, 'path'>;

/** One name of the merged tree. Hard links are names of their own with the same content. */
export class TreeNode {
  meta: Meta;
  content: Content | undefined;
  /** The layer that gave this entry last. */
  layer: Digest | undefined;
  readonly name: ByteString;
  readonly parent: TreeNode | undefined;
  readonly children = new Map<ByteString, TreeNode>();
  /** Number of the last layer that gave this entry or something below it. */
  touched = -1;

  constructor(name: ByteString, parent: TreeNode | undefined, meta: Meta = DIRECTORY) {
    this.name = name;
    this.parent = parent;
    this.meta = meta;
  }

  get isDirectory(): boolean {
    return this.meta.type === 'directory';
  }
  get path(): ByteString {
    return this.parent === undefined ? '' : joinPath(this.parent.path, this.name);
  }
  get entry(): Entry {
    return { path: this.path, ...this.meta };
  }
}

const DIRECTORY: Meta = { type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 };

/**
 * The tree that layers make one over the other, by the same rules as unpacking them: links in parents are followed
 * inside the root, whiteouts concern the layers below only.
 */
export class MergedTree {
  readonly root = new TreeNode('', undefined);
  #number = -1;
  #layer: Digest | undefined;

  /** Entries that follow belong to this layer. */
  beginLayer(layer: Digest): void {
    this.#number += 1;
    this.#layer = layer;
  }

  /** Puts an entry in its place. Throws a plain Error for what cannot be placed. */
  add({ path, ...meta }: Entry, content: Content): void {
    if (Math.max(path.length, meta.target?.length ?? 0) >= MAX_PATH)
      throw new Error('the path or its target is too long');
    if (path === '') return this.#set(this.root, meta, undefined);
    const parent = this.#directory(directoryOf(path));
    const name = nameIn(path);
    const whiteout = whiteoutOf(name);
    if (whiteout !== undefined) return this.#apply(parent, whiteout);
    if (meta.type !== 'hardlink') return this.#set(this.#place(parent, name, meta), meta, content);
    const target = this.#linked(meta.target ?? '');
    if (isWithin(target, parent.children.get(name)))
      throw new Error('the hard link replaces what it names');
    this.#set(this.#place(parent, name, target.meta), target.meta, target.content);
  }

  /** The node at exactly this path, no link followed. */
  find(path: ByteString): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    if (path === '') return node;
    for (const name of path.split('/')) node = node?.children.get(name);
    return node;
  }

  #set(node: TreeNode, meta: Meta, content: Content | undefined): void {
    node.meta = meta;
    node.content = meta.type === 'file' ? content : undefined;
    node.layer = this.#layer;
    this.#touch(node);
  }

  #touch(from: TreeNode): void {
    for (
      let node: TreeNode | undefined = from;
      node && node.touched !== this.#number;
      node = node.parent
    )
      node.touched = this.#number;
  }

  /** Only a directory that is given again keeps what is in it. */
  #place(parent: TreeNode, name: ByteString, meta: Meta): TreeNode {
    const existing = parent.children.get(name);
    if (existing?.isDirectory && meta.type === 'directory') return existing;
    const node = new TreeNode(name, parent, meta);
    parent.children.set(name, node);
    return node;
  }

  #linked(target: ByteString): TreeNode {
    const node = this.#directory(directoryOf(target)).children.get(nameIn(target));
    if (node === undefined || node.isDirectory)
      throw new Error(`the hard link names ${JSON.stringify(target)}, which is no file`);
    return node;
  }

  #apply(parent: TreeNode, whiteout: Whiteout): void {
    if (whiteout.kind === 'contents')
      for (const child of parent.children.values()) this.#removeLower(child);
    const named = whiteout.kind === 'name' ? parent.children.get(whiteout.name) : undefined;
    if (named !== undefined) this.#removeLower(named);
  }

  #removeLower(node: TreeNode): void {
    if (node.touched < this.#number) node.parent?.children.delete(node.name);
    else for (const child of node.children.values()) this.#removeLower(child);
  }

  #directory(path: ByteString): TreeNode {
    const followed = { links: 0 };
    let node = this.root;
    if (path === '') return node;
    for (const name of path.split('/')) node = this.#step(node, name, followed);
    return node;
  }

  #step(parent: TreeNode, name: ByteString, followed: { links: number }): TreeNode {
    const child = parent.children.get(name) ?? this.#implied(parent, name);
    if (child.isDirectory) return child;
    if (child.meta.type !== 'symlink') throw new Error(`${child.path} is not a directory`);
    followed.links += 1;
    if (followed.links > MAX_LINKS) throw new Error(`${child.path} leads through too many links`);
    return this.#follow(parent, child.meta.target ?? '', followed);
  }

  #follow(parent: TreeNode, target: ByteString, followed: { links: number }): TreeNode {
    let node = target.startsWith('/') ? this.root : parent;
    for (const part of target.split('/')) {
      if (part === '' || part === '.') continue;
      node = part === '..' ? (node.parent ?? node) : this.#step(node, part, followed);
    }
    return node;
  }

  /** A parent that no entry stands for. */
  #implied(parent: TreeNode, name: ByteString): TreeNode {
    const node = this.#place(parent, name, DIRECTORY);
    this.#set(node, DIRECTORY, undefined);
    return node;
  }
}

function isWithin(node: TreeNode, ancestor: TreeNode | undefined): boolean {
  for (let at: TreeNode | undefined = node; at !== undefined; at = at.parent)
    if (at === ancestor) return true;
  return false;
}
