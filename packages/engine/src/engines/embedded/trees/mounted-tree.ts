import { joinPath, type ByteString, type Entry, type EntryType } from '@nx-nixpack/base';
import type { Stats } from 'node:fs';
import type { Capabilities, PackTree } from '../../../pack/pack-tree.js';
import { readCapabilities, type CapabilityPorts } from './capabilities.js';
import {
  below,
  contentOf,
  linkTarget,
  lstat,
  namesIn,
  permissions,
  type DiskPath,
} from './disk.js';

/**
 * A directory of this machine that nobody writes to, as packing reads it: in a mounted view files of several snapshots
 * are one tree. Nothing is kept but the names of files that have several: whichever is met first is the file, the others
 * are links to it.
 */
export class MountedTree implements PackTree {
  readonly #ports: CapabilityPorts;
  readonly #root: DiskPath;
  readonly #first = new Map<number, ByteString>();

  constructor(ports: CapabilityPorts, root: DiskPath) {
    this.#ports = ports;
    this.#root = root;
  }

  names(directory: ByteString): readonly ByteString[] {
    return lstat(this.#at(directory))?.isDirectory() ? namesIn(this.#at(directory)) : [];
  }

  *list(directory: ByteString): Generator<Entry> {
    for (const name of this.names(directory)) {
      const entry = this.entry(joinPath(directory, name));
      if (entry !== undefined) yield entry;
    }
  }

  entry(path: ByteString): Entry | undefined {
    const stats = lstat(this.#at(path));
    if (stats === undefined) return undefined;
    const { uid, gid } = stats;
    const common = { path, mode: permissions(stats), uid, gid, size: 0 };
    const type = typeOf(stats);
    if (type === 'symlink') return { ...common, type, target: linkTarget(this.#at(path)) };
    if (type !== 'file') return { ...common, type, ...deviceOf(type, stats) };
    const first = this.#firstNameOf(path, stats);
    if (first !== path) return { ...common, type: 'hardlink', target: first };
    return { ...common, type, size: stats.size };
  }

  open(path: ByteString): Iterable<Uint8Array> {
    return contentOf(this.#at(path));
  }

  capabilities(paths: readonly ByteString[]): Promise<Capabilities> {
    return readCapabilities(this.#ports, this.#root, paths);
  }

  #at(path: ByteString): DiskPath {
    return below(this.#root, path);
  }

  #firstNameOf(path: ByteString, { nlink, ino }: Stats): ByteString {
    if (nlink === 1) return path;
    const first = this.#first.get(ino);
    if (first === undefined) this.#first.set(ino, path);
    return first ?? path;
  }
}

function typeOf(stats: Stats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}

/** The kernel's encoding of device numbers (makedev(3)). */
function deviceOf(type: EntryType, { rdev }: Stats): Pick<Entry, 'device'> {
  if (type !== 'block-device' && type !== 'character-device') return {};
  const high = Math.floor(rdev / 2 ** 32);
  const major = ((rdev >>> 8) & 0xfff) + (high & 0xfffff000);
  const minor = (rdev & 0xff) + ((rdev >>> 12) & 0xfff00);
  return { device: [major, minor] };
}
