import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncDirectory } from '@nx-nixpack/base';
import { lives, ownerName, parseOwner, thisProcess } from '@nx-nixpack/oci';
import { sameFolder } from './same-folder.js';

const PREFIX = '.tmp-';
/** After this time, what a process left whose life cannot be looked up from here counts as left behind. */
const IDLE_MS = 60 * 60 * 1000;
/** How often others may be quicker between taking the old folder away and putting the new one there. */
const ATTEMPTS = 1000;

/**
 * A folder of outputs that is made beside its place, under a name that tells which process makes it, and put there as a
 * whole: whoever looks finds the old one, the new one or, for a moment, none. What dead processes left is taken away.
 */
export class PreparedFolder {
  readonly #place: string;
  readonly path: string;

  /** `place`: where the folder belongs. */
  constructor(place: string) {
    this.#place = place;
    mkdirSync(dirname(place), { recursive: true });
    sweep(dirname(place));
    this.path = this.#uniquePath();
    mkdirSync(this.path);
  }

  /** Puts the folder into its place. A folder there that is the same stays, so that its readers notice nothing. */
  swapIn(): void {
    if (sameFolder(this.path, this.#place)) return this.discard();
    const old = this.#uniquePath();
    try {
      for (let attempt = 1; !this.#replace(old); attempt++)
        if (attempt >= ATTEMPTS) throw new Error(`${this.#place} cannot be replaced`);
    } finally {
      remove(old);
    }
    syncDirectory(dirname(this.#place));
  }

  /** Puts one file of the folder to its place, where others stay. */
  moveFile(name: string, path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    renameSync(join(this.path, name), path);
    syncDirectory(dirname(path));
  }

  /** Gives the folder up. Does nothing after `swapIn`, so that it may stand in a `finally`. */
  discard(): void {
    remove(this.path);
  }

  #replace(old: string): boolean {
    remove(old);
    succeedsUnless(() => renameSync(this.#place, old), 'ENOENT');
    return succeedsUnless(
      () => renameSync(this.path, this.#place),
      'ENOTEMPTY',
      'EEXIST',
      'ENOTDIR',
    );
  }

  #uniquePath(): string {
    const name = `${PREFIX}${ownerName(thisProcess())}-${randomBytes(8).toString('hex')}`;
    return join(dirname(this.#place), name);
  }
}

function succeedsUnless(work: () => void, ...expected: readonly string[]): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (expected.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function sweep(directory: string): void {
  for (const name of readdirSync(directory))
    if (name.startsWith(PREFIX) && isAbandoned(directory, name)) remove(join(directory, name));
}

/** What a cache put there may be too deep to be removed by its path; that must not keep a result from its place. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENAMETOOLONG') throw error;
  }
}

function isAbandoned(directory: string, name: string): boolean {
  const owner = parseOwner(name.slice(PREFIX.length));
  const alive = owner === undefined ? undefined : lives(owner);
  if (alive !== undefined) return !alive;
  const modified = lstatSync(join(directory, name), { throwIfNoEntry: false })?.mtimeMs;
  return modified !== undefined && Date.now() - modified > IDLE_MS;
}
