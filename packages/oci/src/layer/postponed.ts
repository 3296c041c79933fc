import type { ByteString } from '@nx-nixpack/base';
import type { DiskDirectory, Postponed } from './disk-directory.js';

/** A name in a directory. */
export interface Place {
  readonly directory: DiskDirectory;
  readonly name: ByteString;
}

/** What is postponed in some directories, each with all its places. */
export function postponedIn(
  directories: Iterable<DiskDirectory>,
): ReadonlyMap<Postponed, readonly Place[]> {
  const found = new Map<Postponed, Place[]>();
  for (const directory of directories)
    for (const [name, what] of directory.postponed) {
      const places = found.get(what) ?? [];
      if (places.push({ directory, name }) === 1) found.set(what, places);
    }
  return found;
}
