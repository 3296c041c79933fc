import { closeSync, constants, openSync } from 'node:fs';
import { bytes, bytesOf, type ByteString } from '@nx-nixpack/base';
import type { DiskDirectory } from './disk-directory.js';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY;
/** Open directories, of which a layer in walk order needs few. */
const MOST_OPEN = 256;

/**
 * Open handles of directories. Every path that leaves this is a handle and one name, so the kernel never looks up a
 * name of the layer by a path, and a link that takes the place of a directory is refused instead of followed.
 */
export class DirectoryHandles {
  readonly #root: number;
  /** The one used last comes last. */
  readonly #open = new Map<DiskDirectory, number>();

  /** `root`: an existing directory. */
  constructor(root: string) {
    this.#root = openSync(root, DIRECTORY);
  }

  of(directory: DiskDirectory): number {
    if (directory.parent === undefined) return this.#root;
    const known = this.#open.get(directory);
    if (known === undefined) return this.#reach(directory);
    this.#open.delete(directory);
    this.#open.set(directory, known);
    return known;
  }

  /** Path of a name in a directory. The last part of it must never be followed when it may be a link. */
  at(directory: DiskDirectory, name: ByteString): Buffer {
    if (name === '' || name === '.' || name === '..') throw new Error(`"${name}" is not a name`);
    return bytesOf(bytes`/proc/self/fd/${this.of(directory)}/${name}`);
  }

  /** Path of an open directory itself. */
  self(directory: DiskDirectory): string {
    return `/proc/self/fd/${this.of(directory)}`;
  }

  release(directory: DiskDirectory): void {
    const file = this.#open.get(directory);
    if (file !== undefined) closeSync(file);
    this.#open.delete(directory);
  }

  close(): void {
    for (const directory of [...this.#open.keys()]) this.release(directory);
    closeSync(this.#root);
  }

  /** Opens a directory from the nearest one above it that is open. */
  #reach(directory: DiskDirectory): number {
    const way: DiskDirectory[] = [];
    let at: DiskDirectory = directory;
    for (; at.parent !== undefined && !this.#open.has(at); at = at.parent) way.push(at);
    let file = this.of(at);
    for (const next of way.reverse()) file = this.#enter(file, next);
    return file;
  }

  #enter(parent: number, directory: DiskDirectory): number {
    const path = bytesOf(bytes`/proc/self/fd/${parent}/${directory.name}`);
    const file = openSync(path, DIRECTORY | constants.O_NOFOLLOW);
    this.#open.set(directory, file);
    for (const [oldest] of this.#open) {
      if (this.#open.size <= MOST_OPEN) break;
      this.release(oldest);
    }
    return file;
  }
}
