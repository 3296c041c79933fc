import { closeSync, mkdirSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { type ByteString, encodeText, parentOf, UserError } from '@nx-nixpack/base';
import { below, lstat, onDisk, type DiskPath } from '../trees/disk.js';
import { resolveInRoot } from '../trees/resolve-in-root.js';

/** Directories of every step's root that something is mounted over. */
const COVERED = ['proc', 'sys', 'dev', 'run', 'tmp'].map(encodeText);

/**
 * Makes places to mount at, and takes those away again that were not there before. What is made below a directory in
 * memory goes away with it.
 */
export class MountPoints {
  readonly #root: DiskPath;
  readonly #made: { path: ByteString; directory: boolean }[] = [];

  constructor(root: DiskPath) {
    this.#root = root;
    for (const name of COVERED) {
      const stats = lstat(below(root, name));
      if (stats === undefined) this.#makeDirectory(name);
      else if (!stats.isDirectory()) throw notADirectory(name);
    }
  }

  /** Where to mount a directory or file that belongs at `path`, relative to the root, without links on the way. */
  at(path: ByteString, kind: 'directory' | 'file'): ByteString {
    const place = resolveInRoot(this.#root, path);
    if (kind === 'directory') this.#ensureDirectory(place);
    else this.#ensureFile(place);
    return place;
  }

  /** Removes what was made, unless something was put into it, from what the step has written. */
  remove(upper: DiskPath): void {
    for (const { path, directory } of this.#made.reverse()) {
      const place = below(upper, path);
      const stats = lstat(place);
      if (directory && stats?.isDirectory()) unlessNotEmpty(() => rmdirSync(onDisk(place)));
      if (!directory && stats?.isFile() && stats.size === 0) unlinkSync(onDisk(place));
    }
  }

  #ensureDirectory(path: ByteString): void {
    if (path === '') return;
    const stats = lstat(below(this.#root, path));
    if (stats?.isDirectory()) return;
    if (stats) throw notADirectory(path);
    this.#ensureDirectory(parentOf(path));
    this.#makeDirectory(path);
  }

  #makeDirectory(path: ByteString): void {
    mkdirSync(onDisk(below(this.#root, path)), 0o755);
    this.#made.push({ path, directory: true });
  }

  #ensureFile(path: ByteString): void {
    const stats = lstat(below(this.#root, path));
    if (stats?.isFile()) return;
    if (stats) throw notADirectory(path);
    this.#ensureDirectory(parentOf(path));
    closeSync(openSync(onDisk(below(this.#root, path)), 'wx', 0o644));
    this.#made.push({ path, directory: false });
  }
}

function unlessNotEmpty(action: () => void): void {
  try {
    action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}

const notADirectory = (path: ByteString): UserError =>
  new UserError({
    code: 'BASE_INVALID',
    message: `/${path} of the build is not of the type that a running system has there`,
    hint: 'Choose a base image in which it is a directory (or, in /etc, a file), and do not replace it.',
  });
