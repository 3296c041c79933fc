import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import type { Kernel } from '../sandbox/mount-table.js';

/** Of each process, or links to such. */
const OF_PROCESSES = /^(?:\d+|self|thread-self|net|mounts)$/;

/** What the kernel of this machine has in /proc and /sys. */
export function thisKernel(): Kernel {
  const names = readdirSync('/proc').filter((name) => !OF_PROCESSES.test(name));
  const writable = names.filter((name) => {
    const stats = lstatSync(`/proc/${name}`, { throwIfNoEntry: false });
    return stats !== undefined && (stats.isDirectory() || (stats.mode & 0o222) !== 0);
  });
  return { has: existsSync, writable: writable.sort().map((name) => `proc/${name}`) };
}

/** As many as a large build needs, and few enough that a machine goes on working beside a fork bomb. */
const MOST_PROCESSES = 8_192;

/**
 * How many processes a step may have; 0 where this kernel counts them for the whole machine only: before Linux 6.14
 * `pid_max` was one for all process namespaces.
 */
export function processLimit(kernelRelease = release()): number {
  const [major = 0, minor = 0] = kernelRelease.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 14) ? MOST_PROCESSES : 0;
}
