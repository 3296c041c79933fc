import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDirectory } from './ensure-directory.js';
import { lives, ownerName, parseOwner, thisProcess } from './owner.js';

/** After this time without a write, a file whose owner cannot be looked up counts as left behind. */
const IDLE_MS = 60 * 60 * 1000;

/** The folder of a store for what is not complete yet. Each name tells which process it belongs to. */
export class TemporaryFiles {
  readonly #directory: string;
  readonly #prefix = ownerName(thisProcess());

  constructor(directory: string) {
    this.#directory = directory;
    ensureDirectory(directory, 0o700);
  }

  /** A path that nothing else uses. */
  path(): string {
    return join(this.#directory, `${this.#prefix}-${randomBytes(8).toString('hex')}`);
  }

  /** Removes what processes that no longer live have left behind. `now`: milliseconds since 1970. */
  sweep(now = Date.now()): void {
    for (const name of readdirSync(this.#directory)) {
      const path = join(this.#directory, name);
      if (isAbandoned(name, path, now)) rmSync(path, { recursive: true, force: true });
    }
  }
}

function isAbandoned(name: string, path: string, now: number): boolean {
  const owner = parseOwner(name);
  const alive = owner === undefined ? undefined : lives(owner);
  if (alive !== undefined) return !alive;
  const modified = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return modified !== undefined && now - modified > IDLE_MS;
}
