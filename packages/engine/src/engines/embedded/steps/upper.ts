import { chmodSync, lchownSync, mkdirSync, utimesSync, writeFileSync, type Stats } from 'node:fs';
import { baseName, type ByteString, joinPath, parentOf } from '@nx-nixpack/base';
import { Copier, type CopiedExecutable } from './copier.js';
import { below, lstat, onDisk, permissions, type DiskPath } from '../trees/disk.js';
import { resolveInRoot } from '../trees/resolve-in-root.js';
import type { Selected } from './selection.js';
import type { TreeView } from '../trees/tree-view.js';

/** Writes what a step adds on top of a view, without mounting: directories on the way keep the attributes they have below. */
export class Upper {
  readonly #root: DiskPath;
  readonly #lower: DiskPath;

  constructor(root: DiskPath, lower: DiskPath) {
    this.#root = root;
    this.#lower = lower;
    mkdirSync(onDisk(root), { recursive: true });
    const stats = lstat(lower);
    if (stats) this.#dress(root, stats);
  }

  /** A file with this content. Links on the way are followed, a link in its own place is replaced. */
  write(path: ByteString, content: Uint8Array, mode: number, seconds: number): void {
    const target = this.#place(path);
    writeFileSync(onDisk(target), content, { flag: 'wx' });
    chmodSync(onDisk(target), mode);
    utimesSync(onDisk(target), seconds, seconds);
  }

  directory(path: ByteString, mode: number): void {
    const place = resolveInRoot(this.#lower, path);
    this.#ensure(place);
    chmodSync(onDisk(below(this.#root, place)), mode);
  }

  /**
   * Files are copied, not linked, or shared where the file system can: a link would touch what a snapshot of the store holds.
   * Names that are one file stay one file. Answers the executables, whose capabilities are still to be copied.
   */
  copy(from: TreeView, selection: Iterable<Selected>, to: ByteString): CopiedExecutable[] {
    const places = new Map<ByteString, DiskPath>();
    const copier = new Copier(from);
    for (const { path, from: source, stats } of selection) {
      const above = places.get(parentOf(path));
      const wanted = joinPath(to, path);
      const target = above === undefined ? this.#place(wanted) : joinPath(above, baseName(path));
      if (stats.isDirectory()) {
        if (!lstat(target)) mkdirSync(onDisk(target));
        this.#dress(target, stats);
        places.set(path, target);
      } else copier.copy(source, target, stats);
    }
    return copier.executables;
  }

  /** The directory of a path exists afterwards; the answer is where the path itself belongs. */
  #place(path: ByteString): DiskPath {
    const directory = resolveInRoot(this.#lower, parentOf(path));
    this.#ensure(directory);
    return joinPath(below(this.#root, directory), baseName(path));
  }

  #ensure(directory: ByteString): void {
    if (directory === '' || lstat(below(this.#root, directory))?.isDirectory()) return;
    this.#ensure(parentOf(directory));
    const target = below(this.#root, directory);
    mkdirSync(onDisk(target));
    const existing = lstat(below(this.#lower, directory));
    if (existing?.isDirectory()) this.#dress(target, existing);
    else chmodSync(onDisk(target), 0o755);
  }

  #dress(path: DiskPath, stats: Stats): void {
    lchownSync(onDisk(path), stats.uid, stats.gid);
    chmodSync(onDisk(path), permissions(stats));
  }
}
