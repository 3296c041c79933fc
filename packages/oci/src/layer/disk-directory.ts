import type { ByteString } from '@nx-nixpack/base';
import type { TarEntry } from '../tar/tar-format.js';
import type { Found } from './layered-tree.js';

/** What Node cannot make, until the end a file without content; hard links give it several places. */
export interface Special {
  readonly entry: TarEntry;
}

/** A directory below the root of an unpacked image: what is known about it, no matter whether it is open. */
export class DiskDirectory {
  readonly parent: DiskDirectory | undefined;
  readonly name: ByteString;
  /** Bytes of the path from the root. */
  readonly length: number;
  /** Directories and links in it, as far as they were looked up. */
  readonly known = new Map<ByteString, Found<DiskDirectory>>();
  /** Names that this layer has made. */
  readonly made = new Set<ByteString>();
  /** Modification time that it will have, in seconds; undefined until something in it changes. */
  time: number | undefined;
  /** Devices, FIFOs and capabilities that are still to be made. */
  readonly special = new Map<ByteString, Special>();
  readonly capabilities = new Map<ByteString, Uint8Array>();
  isGone = false;

  constructor(parent?: DiskDirectory, name: ByteString = '') {
    this.parent = parent;
    this.name = name;
    this.length = parent === undefined ? 0 : parent.length + name.length + 1;
  }

  /** Nothing is known any more about what was at a name. */
  forget(name: ByteString): void {
    this.known.delete(name);
    this.special.delete(name);
    this.capabilities.delete(name);
  }
}
