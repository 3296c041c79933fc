import type { ByteString } from '@nx-nixpack/base';
import type { TarEntry } from '../tar/tar-format.js';
import type { DiskDirectory } from './disk-directory.js';

/**
 * What Node cannot make: a device or FIFO, which until the end is an empty file, or the capability of a file.
 * Hard links give it several places.
 */
export interface Postponed {
  readonly entry: TarEntry;
}

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
