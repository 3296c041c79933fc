import { bytes, type ByteString } from '@nx-nixpack/base';
import type { TarEntry } from '../tar/tar-format.js';
import type { Found } from './layered-tree.js';

/**
 * What Node cannot make: a device or FIFO, which until the end is an empty file, or the capability of a file.
 * Hard links give it several places.
 */
export interface Postponed {
  readonly entry: TarEntry;
}

const NOTHING: ReadonlyMap<ByteString, Postponed> = new Map();

/** A directory below the root of an unpacked image: what is known about it, whether it is open or not. There may be many. */
export class DiskDirectory {
  readonly parent: DiskDirectory | undefined;
  readonly name: ByteString;
  /** Bytes of the path from the root. */
  readonly length: number;
  /** Modification time that it will have, in seconds; undefined until something in it changes. */
  time: number | undefined;
  isGone = false;
  #known: Map<ByteString, Found<DiskDirectory>> | undefined;
  #made: Set<ByteString> | undefined;
  #postponed: Map<ByteString, Postponed> | undefined;

  constructor(parent?: DiskDirectory, name: ByteString = bytes``) {
    this.parent = parent;
    this.name = name;
    this.length = parent === undefined ? 0 : parent.length + name.length + 1;
  }

  /** Directories and links in it, as far as they were looked up. */
  known(name: ByteString): Found<DiskDirectory> | undefined {
    return this.#known?.get(name);
  }
  learn(name: ByteString, found: Found<DiskDirectory>): void {
    (this.#known ??= new Map()).set(name, found);
  }

  /** Whether this layer has made a name. */
  hasMade(name: ByteString): boolean {
    return this.#made?.has(name) === true;
  }
  mark(name: ByteString): void {
    (this.#made ??= new Set()).add(name);
  }

  get postponed(): ReadonlyMap<ByteString, Postponed> {
    return this.#postponed ?? NOTHING;
  }
  postpone(name: ByteString, what: Postponed): void {
    (this.#postponed ??= new Map()).set(name, what);
  }

  /** Nothing is known any more about what was at a name. */
  forget(name: ByteString): void {
    this.#known?.delete(name);
    this.#postponed?.delete(name);
  }
}
