import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'nixpack-bases-';

/**
 * A folder for roots while they are made. It goes with remove(), with an interrupt, or, after a kill, when the next
 * one is made.
 *
 * @returns {{ directory: string, remove(): void }}
 */
export function makeScratch() {
  const parent = scratchParent();
  sweep(parent);
  const directory = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  const interrupted = () => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  const remove = () => {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, remove };
}

const SIGNALS = ['SIGINT', 'SIGTERM'];

/** Memory when there is enough of it: dpkg writes thousands of small files and syncs them. */
function scratchParent() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 2 * 1024 ** 3) return '/dev/shm';
  } catch {
    // no such file system
  }
  return tmpdir();
}

function sweep(parent) {
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length)) : NaN;
    if (Number.isInteger(owner) && !isAlive(owner))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
