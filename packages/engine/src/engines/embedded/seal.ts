import { Digester, type Digest } from '@nx-nixpack/oci';
import { below, linkTarget, walkDisk, type DiskPath } from './disk.js';

/**
 * A digest of everything about a tree that the kernel tells without opening files: names, types, modes, ids, sizes,
 * modification times, link targets. A file that was cut off, removed, edited or chmodded gives another one.
 */
export function sealOf(tree: DiskPath): Digest {
  const digester = new Digester();
  for (const { path, stats } of walkDisk(tree)) {
    // Links that other snapshots make change neither of these; a directory's own time is left out.
    const content = stats.isDirectory() ? '' : `${stats.size}\0${stats.mtimeMs}\0${stats.rdev}`;
    const target = stats.isSymbolicLink() ? linkTarget(below(tree, path)) : '';
    const line = `${path}\0${stats.mode}\0${stats.uid}:${stats.gid}\0${content}\0${target}\n`;
    digester.update(Buffer.from(line, 'latin1'));
  }
  return digester.digest();
}
