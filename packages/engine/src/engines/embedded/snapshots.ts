import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexOf, isDigest, type Digest } from '@nx-nixpack/oci';
import { diskPath, type DiskPath } from './disk.js';
import { sealOf } from './seal.js';

/** A directory tree in the store that is never changed: an unpacked base, a source, what one step added. */
export interface Snapshot {
  readonly key: Digest;
  /** Tells two trees of one key apart: a step that ran again may have left something else. */
  readonly seal: Digest;
  readonly tree: DiskPath;
}

/** A snapshot is not what it was when it was made; it has been removed, so that it is made again. */
export class SnapshotDamaged extends Error {
  override readonly name = 'SnapshotDamaged';
  readonly key: Digest;
  constructor(key: Digest) {
    super(`snapshot ${key} of the store was damaged`);
    this.key = key;
  }
}

const TREE = 'tree';
const SEAL = 'seal';

/** Snapshots of a store. A half-made one is never visible: it appears with one rename. */
export class Snapshots {
  readonly #directory: string;
  readonly #trash: string;
  readonly #verified = new Set<string>();

  constructor(directory: string, trash: string) {
    this.#directory = directory;
    this.#trash = trash;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    mkdirSync(trash, { recursive: true, mode: 0o700 });
  }

  /** The snapshot of a key, not verified yet. */
  find(key: Digest): Snapshot | undefined {
    const directory = this.#path(key);
    try {
      const seal = readFileSync(join(directory, SEAL), 'latin1');
      if (isDigest(seal) && existsSync(join(directory, TREE)))
        return { key, seal, tree: diskPath(join(directory, TREE)) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync(directory))
        return undefined;
    }
    this.discard(key);
    return undefined;
  }

  /** Compares a snapshot with its seal, once a process. Throws SnapshotDamaged. */
  verify(snapshot: Snapshot): void {
    if (this.#verified.has(snapshot.key)) return;
    if (sealOf(snapshot.tree) !== snapshot.seal) {
      this.discard(snapshot.key);
      throw new SnapshotDamaged(snapshot.key);
    }
    this.#verified.add(snapshot.key);
  }

  /**
   * Makes the snapshot of a key from a private directory that holds it as `tree`; the directory is gone afterwards.
   * When another process was faster, its snapshot is the answer.
   */
  commit(key: Digest, prepared: string): Snapshot {
    const seal = sealOf(diskPath(join(prepared, TREE)));
    writeFileSync(join(prepared, SEAL), seal);
    try {
      renameSync(prepared, this.#path(key));
      this.#verified.add(key);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
      this.#throwAway(prepared);
    }
    const snapshot = this.find(key);
    if (snapshot === undefined) throw new SnapshotDamaged(key);
    return snapshot;
  }

  discard(key: Digest): void {
    this.#throwAway(this.#path(key));
  }

  /** Deleting many files slows the file system down for a while, so that is left for later. */
  #throwAway(path: string): void {
    try {
      renameSync(path, join(this.#trash, randomBytes(8).toString('hex')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #path(key: Digest): string {
    return join(this.#directory, hexOf(key));
  }
}
