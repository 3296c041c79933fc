import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '@nx-nixpack/base';

/** How long a folder must stay as it is before its content is held against it, in milliseconds. */
const QUIET_MS = 50;
const LOOKS = 2;
/** Nobody replaces a folder for longer, in milliseconds; what still changes then is judged as it is. */
const PATIENCE_MS = 5000;
/** Our folders have less; a larger one is compared by its first entries. */
const MAX_ENTRIES = 5000;

/**
 * Reads a folder that another process may be replacing at this moment, a task of ours or Nx that restores it: what is
 * refused while the folder changes is read again.
 */
export async function settled<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const before = stateOf(folder);
    try {
      return await work();
    } catch (error) {
      if (!isRejection(error) || performance.now() > deadline) throw error;
      if (await isQuiet(folder, before)) throw error;
    }
  }
}

const isRejection = (error: unknown): boolean =>
  error instanceof UserError && error.code === 'CACHE_RESULT_REJECTED';

async function isQuiet(folder: string, before: string): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    await pause(QUIET_MS);
    if (stateOf(folder) !== before) return false;
  }
  return true;
}

/** Differs whenever something below the folder was written, replaced, added or taken away. */
function stateOf(folder: string): string {
  const lines: string[] = [];
  const visit = (path: string): void => {
    if (lines.length >= MAX_ENTRIES) return;
    const stat = statOf(path);
    lines.push(stat === undefined ? `${path} -` : `${path} ${textOf(stat)}`);
    if (stat?.isDirectory() === true) for (const name of namesIn(path)) visit(join(path, name));
  };
  visit(folder);
  return lines.join('\n');
}

const textOf = ({ dev, ino, size, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, ctimeNs].join(' ');

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined; // too deep to be named, or below what is not a directory any more
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return []; // it went away while we looked, which the next look shows
  }
}
