import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, hexOf } from '@nx-nixpack/oci';
import type { Runner } from '@nx-nixpack/base';
import { HOST_ENV } from '../programs.js';

const SCRIPT = 'flock -n 9 || { echo waiting; flock 9; }; echo held; exec sleep infinity';

/** Few files for any number of names: two names of a kind may share one, which costs a wait and nothing else. */
export const lockFile = (kind: 'base' | 'cache' | 'step', name: string): string =>
  `${kind}-${hexOf(digestOf(name)).slice(0, 3)}`;

/**
 * Does some work while no other process holds the same lock files, which are taken in order. The locks are the
 * kernel's: they vanish with their holder, however that ends. `onWait` is called when somebody else has one.
 */
export async function withLocks<T>(
  ports: LockPorts,
  files: readonly string[],
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const [file, ...more] = [...new Set(files)].sort();
  if (file === undefined) return work();
  const release = await acquire(ports.runner, join(ports.directory, file), onWait);
  try {
    return await withLocks(ports, more, onWait, work);
  } finally {
    await release();
  }
}

/** What is not a file of ours (a directory, a FIFO, a link to somewhere else) cannot be locked. */
function clearPlace(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats && !stats.isFile()) rmSync(path, { recursive: true, force: true });
}

export interface LockPorts {
  readonly runner: Runner;
  readonly directory: string;
}

function acquire(runner: Runner, path: string, onWait: () => void): Promise<() => Promise<void>> {
  clearPlace(path);
  return new Promise((resolve, reject) => {
    const abort = new AbortController();
    const ended = runner.run({
      file: 'bash',
      args: ['-c', `exec 9<>"$1"; ${SCRIPT}`, 'lock', path],
      env: HOST_ENV,
      signal: abort.signal,
      onLine: (line) => {
        if (line === 'waiting') onWait();
        if (line === 'held')
          resolve(async () => {
            abort.abort();
            await ended.catch(() => undefined);
          });
      },
    });
    ended.then(() => reject(new Error(`could not lock ${path}`)), reject);
  });
}
