import { randomBytes } from 'node:crypto';
import { lstatSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDirectory, hexOf, readPlainText, type Digest } from '@nx-nixpack/oci';
import type { Capabilities } from '../../../pack/pack-tree.js';
import { diskPath, type DiskPath } from '../trees/disk.js';
import {
  contentDigest,
  decodeFingerprint,
  encodeFingerprint,
  identityOf,
  fingerprintOf,
  stateDigest,
  type TreeFingerprint,
} from './tree-fingerprint.js';

/** A directory tree in the store that is never changed: an unpacked base, a source, what one step added. */
export interface Snapshot {
  readonly key: Digest;
  /**
   * Digest of content and capabilities: tells two trees of one key apart, as a step that ran again may have left
   * something else.
   */
  readonly fingerprint: Digest;
  readonly tree: DiskPath;
}

/** A snapshot is not what it was when it was made; it has been removed, so that it is made again. */
export class SnapshotDamaged extends Error {
  override readonly name = 'SnapshotDamaged';
  readonly key: Digest;
  constructor(key: Digest) {
    super(damagedText(key));
    this.key = key;
  }
}

const damagedText = (key: Digest): string => `snapshot ${key} of the store was damaged`;

/**
 * How much of a store is compared with its fingerprints: what is used; all that is found, when something was damaged; or all that
 * is found, with the content of every file.
 */
export type Scrutiny = 'used' | 'found' | 'contents';

export interface SnapshotsOptions {
  readonly directory: string;
  readonly trash: string;
  readonly scrutiny: Scrutiny;
  /** Is told what was damaged and is made again. */
  readonly onDamaged: (text: string) => void;
}

const TREE = 'tree';
const FINGERPRINT = 'seal';
const MAX_FINGERPRINT_BYTES = 4096;

/** Snapshots of a store. A half-made one is never visible: it appears with one rename. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #verified = new Set<string>();

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    ensureDirectory(options.directory, 0o700);
    ensureDirectory(options.trash, 0o700);
  }

  /** The snapshot of a key; undefined when there is none or it was damaged. Verified as far as the scrutiny says. */
  find(key: Digest): Snapshot | undefined {
    // Before its fingerprint is read: a snapshot that appears in between must not be taken for one that lost its fingerprint.
    const there = inodeOf(this.#path(key));
    if (there === undefined) return undefined;
    const fingerprint = this.#fingerprintOf(key);
    if (
      fingerprint !== undefined &&
      (this.#options.scrutiny === 'used' || this.#isIntact(fingerprint))
    )
      return this.#snapshot(fingerprint);
    if (inodeOf(this.#path(key)) !== there) return this.find(key);
    this.discard(key);
    this.#options.onDamaged(damagedText(key));
    return undefined;
  }

  /** Compares a snapshot with its fingerprint, once a process. Throws SnapshotDamaged. */
  verify({ key, fingerprint: identity }: Snapshot): void {
    if (this.#verified.has(key)) return;
    const fingerprint = this.#fingerprintOf(key);
    if (fingerprint && identityOf(fingerprint) === identity && this.#isIntact(fingerprint)) return;
    this.discard(key);
    throw new SnapshotDamaged(key);
  }

  /**
   * Makes the snapshot of a key from a private directory that holds it as `tree`; the directory is gone afterwards.
   * When another process was faster, its snapshot is the answer. `capabilities`: those that the key does not decide.
   */
  commit(key: Digest, prepared: string, capabilities: Capabilities = new Map()): Snapshot {
    const fingerprint = fingerprintOf(key, diskPath(join(prepared, TREE)), capabilities);
    writeFileSync(join(prepared, FINGERPRINT), encodeFingerprint(fingerprint), { flag: 'wx' });
    if (this.#place(key, prepared)) this.#verified.add(key);
    else this.#throwAway(prepared);
    const snapshot = this.find(key);
    if (snapshot === undefined) throw new SnapshotDamaged(key);
    return snapshot;
  }

  discard(key: Digest): void {
    this.#verified.delete(key);
    this.#throwAway(this.#path(key));
  }

  /** False when another process was faster. */
  #place(key: Digest, prepared: string): boolean {
    try {
      renameSync(prepared, this.#path(key));
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
      if (code !== 'ENOTDIR') throw error;
    }
    // Something that is not a directory lies in the place.
    this.discard(key);
    return this.#place(key, prepared);
  }

  #fingerprintOf(key: Digest): TreeFingerprint | undefined {
    const directory = this.#path(key);
    const text = readPlainText(join(directory, FINGERPRINT), MAX_FINGERPRINT_BYTES);
    const whole = isDirectory(directory) && isDirectory(join(directory, TREE));
    return whole && text !== undefined ? decodeFingerprint(text, key) : undefined;
  }

  #isIntact(fingerprint: TreeFingerprint): boolean {
    if (this.#verified.has(fingerprint.key)) return true;
    const { tree } = this.#snapshot(fingerprint);
    const intact =
      stateDigest(tree) === fingerprint.state &&
      (this.#options.scrutiny !== 'contents' || contentDigest(tree) === fingerprint.content);
    if (intact) this.#verified.add(fingerprint.key);
    return intact;
  }

  #snapshot(fingerprint: TreeFingerprint): Snapshot {
    const { key } = fingerprint;
    return {
      key,
      fingerprint: identityOf(fingerprint),
      tree: diskPath(join(this.#path(key), TREE)),
    };
  }

  /** Deleting many files slows the file system down for a while, so that is left for later. */
  #throwAway(path: string): void {
    try {
      renameSync(path, join(this.#options.trash, randomBytes(8).toString('hex')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #path(key: Digest): string {
    return join(this.#options.directory, hexOf(key));
  }
}

const isDirectory = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Which file or directory has a name now; undefined for none. A link that leads nowhere has one too. */
const inodeOf = (path: string): bigint | undefined =>
  lstatSync(path, { throwIfNoEntry: false, bigint: true })?.ino;
