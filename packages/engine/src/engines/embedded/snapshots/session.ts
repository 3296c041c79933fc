import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { joinPath } from '@nx-nixpack/base';
import {
  ensureDirectory,
  lives,
  ownerName,
  parseOwner,
  thisProcess,
  type Store,
} from '@nx-nixpack/oci';
import { diskPath, lstat, namesIn, onDisk, type DiskPath } from '../trees/disk.js';

/** Entries of the trash that one build removes after its work; a large leftover takes several. */
const SWEPT_ENTRIES = 20_000;

/** The engine's folders in a store, readable by their owner only: trees hold set-id programs. */
export interface EngineFolders {
  readonly snapshots: string;
  readonly trash: string;
  readonly sessions: string;
  readonly locks: string;
  readonly caches: string;
}

export function engineFolders(store: Store): EngineFolders {
  const root = store.area('embedded');
  const folder = (name: string): string => {
    const path = join(root, name);
    ensureDirectory(path, 0o700);
    return path;
  };
  return {
    snapshots: folder('snapshots'),
    trash: folder('trash'),
    sessions: folder('sessions'),
    locks: folder('locks'),
    caches: folder('caches'),
  };
}

/** The private directory of one build. Its name tells which process it belongs to, so that leftovers are recognized. */
export class Session {
  readonly directory: string;
  readonly #folders: EngineFolders;

  constructor(folders: EngineFolders) {
    this.#folders = folders;
    const name = `${ownerName(thisProcess())}-${randomBytes(8).toString('hex')}`;
    this.directory = join(folders.sessions, name);
    mkdirSync(this.directory, { mode: 0o700 });
  }

  /** Tells the worker to end at once. */
  stop(): void {
    moveToTrash(this.directory, this.#folders.trash);
  }

  /** Ends the session and removes some of what it and others left. */
  close(): void {
    this.stop();
    emptyTrash(this.#folders.trash, SWEPT_ENTRIES);
  }
}

/** Puts away what builds left behind that no longer live. Only renames: deleting would slow the build that begins. */
export function sweepSessions(folders: EngineFolders): void {
  for (const name of readdirSync(folders.sessions)) {
    const owner = parseOwner(name);
    if (owner === undefined || lives(owner) === false)
      moveToTrash(join(folders.sessions, name), folders.trash);
  }
}

function moveToTrash(path: string, trash: string): void {
  if (!existsSync(path)) return;
  try {
    renameSync(path, join(trash, randomBytes(8).toString('hex')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** With room for a name below it, before the kernel's limit of 4096 bytes. */
const LONG_PATH = 3500;

/**
 * Removes up to `limit` entries; another build may be doing the same. A build may nest directories deeper than any path
 * reaches: what lies that deep is moved up first, and removed in its turn.
 */
export function emptyTrash(trash: string, limit: number): void {
  let left = limit;
  const remove = (path: DiskPath): boolean => {
    for (const name of undefinedIfGone(() => namesIn(path)) ?? []) {
      if (left-- <= 0) return false;
      const child = joinPath(path, name);
      if (child.length > LONG_PATH) {
        undefinedIfGone(() =>
          renameSync(onDisk(child), join(trash, randomBytes(8).toString('hex'))),
        );
      } else if (lstat(child)?.isDirectory()) {
        if (!remove(child)) return false;
        undefinedIfGone(() => rmdirSync(onDisk(child)));
      } else undefinedIfGone(() => unlinkSync(onDisk(child)));
    }
    return true;
  };
  while (remove(diskPath(trash)) && existsSync(trash) && readdirSync(trash).length > 0 && left > 0);
}

function undefinedIfGone<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
