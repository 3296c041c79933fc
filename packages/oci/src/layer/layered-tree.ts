import type { ByteString } from '@nx-nixpack/base';
import type { TarEntry } from '../tar/tar-format.js';

/** What is at a name. `other` is neither directory nor symlink: a file, a device, a FIFO. */
export type Found<D> =
  | { readonly kind: 'directory'; readonly directory: D }
  | { readonly kind: 'symlink'; readonly target: ByteString }
  | { readonly kind: 'other' };

/**
 * A tree that layers are put into, on the disk or in memory. It does as it is told and decides nothing: what a layer may
 * do and what its entries mean is in LayerRules alone, so that all trees accept the same layers and become the same.
 * Each directory is one object of type D as long as it exists.
 */
export interface LayeredTree<D extends object> {
  readonly root: D;
  parentOf(directory: D): D | undefined;
  nameOf(directory: D): ByteString;
  /** Bytes of the path from the root, which holds no link. */
  lengthOf(directory: D): number;
  find(directory: D, name: ByteString): Found<D> | undefined;
  namesIn(directory: D): readonly ByteString[];
  /** How many names what is at a name has, which is not a directory. */
  linksOf(directory: D, name: ByteString): number;
  /** Makes a directory that no entry stands for, where nothing is. */
  imply(directory: D, name: ByteString): D;
  /** Gives the root the attributes of an entry. */
  dressRoot(entry: TarEntry): void;
  /** Puts an entry that is not a hard link at a name. What was there is gone, unless both are directories. */
  put(directory: D, name: ByteString, entry: TarEntry, offset: number): void;
  /** Gives what is at another place, which is not a directory, a second name. What was there is gone. */
  link(directory: D, name: ByteString, source: D, sourceName: ByteString): void;
  /** Removes a name with all that is below it. */
  remove(directory: D, name: ByteString): void;
  /** Whether this layer has made what is at a name, or something below it. */
  isMarked(directory: D, name: ByteString): boolean;
  mark(directory: D, name: ByteString): void;
}
