import { lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { UserError } from '@nx-nixpack/base';

/**
 * A directory of a store exists afterwards. Whatever else lies in its place (a file, a FIFO, a link that leads nowhere)
 * was not put there by us and is removed. `mode`: of what is created.
 */
export function ensureDirectory(path: string, mode = 0o777): void {
  if (isDirectory(path)) return;
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) rmSync(path, { force: true });
  mkdirSync(path, { recursive: true, mode });
}

/** The directory of a whole store is the user's choice: what lies there is never removed. */
export function ensureStoreDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if (!NO_DIRECTORY.has((error as NodeJS.ErrnoException).code ?? '') || isDirectory(path))
      throw error;
    throw new UserError(
      {
        code: 'STORE_CORRUPT',
        message: `The store ${path} is not a directory`,
        hint: 'Remove what lies there, or set NX_NIXPACK_STORE to another directory.',
      },
      { cause: error },
    );
  }
}

const NO_DIRECTORY: ReadonlySet<string> = new Set(['EEXIST', 'ENOTDIR', 'ENOENT', 'ELOOP']);

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (NO_DIRECTORY.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
