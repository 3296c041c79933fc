import { baseName, bytes, type ByteString, parentOf } from '@nx-nixpack/base';
import { EntryFault } from '../tar/entry-fault.js';
import { quoteName } from '../tar/entry-place.js';
import type { TarEntry } from '../tar/tar-format.js';
import type { ImageBudget } from './image-budget.js';
import type { LayeredTree } from './layered-tree.js';
import { type Whiteout, whiteoutOf } from './whiteout.js';

/** The kernel's PATH_MAX and NAME_MAX. */
const MAX_PATH = 4096;
const MAX_NAME = 255;
/** A path without links leaves room for the path of the store before it. */
const MAX_REAL_PATH = 3072;
/** Links that may be followed for one path, as in the kernel. */
const MAX_LINKS = 40;
/** Names that one file can have on ext4, the file system with the lowest limit in common use. */
const MAX_NAMES = 65_000;

interface Walk {
  links: number;
}

/**
 * The meaning of a layer's entries (OCI image specification, layer): parents are looked up part by part, links in them
 * are followed inside the root (an absolute one begins at the root, `..` stops there), whiteouts concern the layers
 * below only. One object for each layer. Throws EntryFault for what cannot be placed, before anything is changed there.
 */
export class LayerRules<D extends object> {
  readonly #tree: LayeredTree<D>;
  readonly #budget: ImageBudget;

  constructor(tree: LayeredTree<D>, budget: ImageBudget) {
    this.#tree = tree;
    this.#budget = budget;
  }

  /** Puts an entry in its place. `offset`: where its content begins in the tar. */
  place(entry: TarEntry, offset: number): void {
    checkLength(entry.path, entry.target);
    this.#budget.entry(entry);
    if (entry.path === '') return this.#tree.dressRoot(entry);
    const directory = this.#directory(parentOf(entry.path));
    const name = baseName(entry.path);
    this.#checkName(directory, name);
    const whiteout = whiteoutOf(name);
    if (whiteout !== undefined) return this.#apply(directory, whiteout);
    if (entry.type === 'hardlink') this.#link(directory, name, entry.target ?? bytes``);
    else this.#tree.put(directory, name, entry, offset);
    this.#mark(directory, name);
  }

  #directory(path: ByteString): D {
    let directory = this.#tree.root;
    if (path === '') return directory;
    const walk: Walk = { links: 0 };
    for (const name of path.split('/')) directory = this.#step(directory, name, walk);
    return directory;
  }

  #step(directory: D, name: ByteString, walk: Walk): D {
    this.#budget.step();
    this.#checkName(directory, name);
    const found = this.#tree.find(directory, name);
    if (found === undefined) return this.#imply(directory, name);
    if (found.kind === 'directory') return found.directory;
    if (found.kind === 'other') throw new EntryFault(`${quoteName(name)} is not a directory`);
    if (++walk.links > MAX_LINKS)
      throw new EntryFault(`${quoteName(name)} leads through too many links`);
    return this.#follow(directory, found.target, walk);
  }

  #follow(directory: D, target: ByteString, walk: Walk): D {
    const tree = this.#tree;
    let current = target.startsWith('/') ? tree.root : directory;
    for (const part of target.split('/')) {
      this.#budget.step();
      if (part === '' || part === '.') continue;
      if (part === '..') current = tree.parentOf(current) ?? current;
      else current = this.#step(current, part, walk);
    }
    return current;
  }

  #imply(directory: D, name: ByteString): D {
    this.#budget.implied();
    const made = this.#tree.imply(directory, name);
    this.#mark(directory, name);
    return made;
  }

  #link(directory: D, name: ByteString, target: ByteString): void {
    const source = this.#directory(parentOf(target));
    const sourceName = baseName(target);
    this.#checkName(source, sourceName);
    const found = target === '' ? undefined : this.#tree.find(source, sourceName);
    if (found === undefined || found.kind === 'directory')
      throw new EntryFault(`the hard link names ${quoteName(target)}, which is not a file`);
    if (source === directory && sourceName === name)
      throw new EntryFault('the hard link names itself');
    if (this.#isWithin(source, directory, name))
      throw new EntryFault('the hard link replaces what it names');
    if (this.#tree.linksOf(source, sourceName) >= MAX_NAMES)
      throw new EntryFault(`the hard link names ${quoteName(target)}, which has too many names`);
    this.#tree.link(directory, name, source, sourceName);
  }

  /** Whether a directory is, or lies below, what is at a name. */
  #isWithin(inner: D, directory: D, name: ByteString): boolean {
    const tree = this.#tree;
    for (let at = inner; ;) {
      const parent = tree.parentOf(at);
      if (parent === undefined) return false;
      if (parent === directory && tree.nameOf(at) === name) return true;
      at = parent;
    }
  }

  #mark(directory: D, name: ByteString): void {
    const tree = this.#tree;
    for (let [at, child] = [directory, name]; !tree.isMarked(at, child);) {
      tree.mark(at, child);
      const parent = tree.parentOf(at);
      if (parent === undefined) return;
      [at, child] = [parent, tree.nameOf(at)];
    }
  }

  #apply(directory: D, whiteout: Whiteout): void {
    if (whiteout.kind === 'name') this.#removeLower([[directory, whiteout.name]]);
    if (whiteout.kind === 'contents') this.#removeLower(this.#placesIn(directory));
  }

  /** What this layer has made stays. Not by recursion: a layer decides how deep its directories are. */
  #removeLower(places: [D, ByteString][]): void {
    const tree = this.#tree;
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      this.#budget.step();
      const found = tree.find(...place);
      if (found === undefined) continue;
      if (!tree.isMarked(...place)) tree.remove(...place);
      else if (found.kind === 'directory')
        for (const inner of this.#placesIn(found.directory)) places.push(inner);
    }
  }

  #placesIn(directory: D): [D, ByteString][] {
    return this.#tree.namesIn(directory).map((name) => [directory, name]);
  }

  #checkName(directory: D, name: ByteString): void {
    if (name.length > MAX_NAME) throw new EntryFault(`the name ${quoteName(name)} is too long`);
    if (this.#tree.lengthOf(directory) + 1 + name.length >= MAX_REAL_PATH)
      throw new EntryFault('its path without links is too long');
  }
}

function checkLength(path: ByteString, target: ByteString | undefined): void {
  if (path.length >= MAX_PATH || (target ?? '').length >= MAX_PATH)
    throw new EntryFault('the path or its target is too long');
}
