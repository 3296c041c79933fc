import {
  chmodSync,
  constants,
  copyFileSync,
  lchownSync,
  linkSync,
  lutimesSync,
  symlinkSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import { baseName, type ByteString, UserError } from '@nx-nixpack/base';
import { linkTarget, lstat, onDisk, permissions, type DiskPath } from '../trees/disk.js';
import type { TreeView } from '../trees/tree-view.js';

export interface CopiedExecutable {
  /** In the view it was copied from. */
  readonly from: ByteString;
  readonly target: DiskPath;
}

/** Copies what is not a directory from a view, with owner, mode and times. */
export class Copier {
  readonly executables: CopiedExecutable[] = [];
  readonly #view: TreeView;
  /** Where a file with several names was copied to first, by inode. */
  readonly #first = new Map<number, DiskPath>();

  constructor(view: TreeView) {
    this.#view = view;
  }

  copy(from: ByteString, target: DiskPath, stats: Stats): void {
    const first = stats.isFile() && stats.nlink > 1 ? this.#first.get(stats.ino) : undefined;
    // Paths of one copy may overlap, and name a file again that is in its place already.
    if (first === target) return;
    if (lstat(target)) unlinkSync(onDisk(target));
    if (first !== undefined) return linkSync(onDisk(first), onDisk(target));
    if (stats.isFile()) this.#file(from, target, stats);
    else if (stats.isSymbolicLink()) copySymlink(this.#view.origin(from), target, stats);
    else linkSpecial(this.#view.origin(from), target);
  }

  #file(from: ByteString, target: DiskPath, stats: Stats): void {
    const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
    copyFileSync(onDisk(this.#view.origin(from)), onDisk(target), flags);
    dress(target, stats);
    chmodSync(onDisk(target), permissions(stats));
    if (stats.nlink > 1) this.#first.set(stats.ino, target);
    if ((stats.mode & 0o111) !== 0) this.executables.push({ from, target });
  }
}

function copySymlink(origin: DiskPath, target: DiskPath, stats: Stats): void {
  symlinkSync(Buffer.from(linkTarget(origin), 'latin1'), onDisk(target));
  dress(target, stats);
}

function dress(target: DiskPath, stats: Stats): void {
  lchownSync(onDisk(target), stats.uid, stats.gid);
  lutimesSync(onDisk(target), stats.atimeMs / 1000, stats.mtimeMs / 1000);
}

/** Node cannot make devices and FIFOs; the link is the same thing. */
function linkSpecial(origin: DiskPath, target: DiskPath): void {
  try {
    linkSync(onDisk(origin), onDisk(target));
  } catch (error) {
    if (!['EXDEV', 'EMLINK', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    throw new UserError(
      {
        code: 'UNSUPPORTED',
        message: `The device or pipe ${JSON.stringify(baseName(target))} cannot be copied into the image`,
        hint: 'Remove it at the end of the build phase.',
      },
      { cause: error },
    );
  }
}
