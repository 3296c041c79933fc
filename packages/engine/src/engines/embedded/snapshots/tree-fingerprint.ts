import type { Stats } from 'node:fs';
import { canonicalJson, type ByteString } from '@nx-nixpack/base';
import { Digester, digestOf, isDigest, type Digest } from '@nx-nixpack/oci';
import type { Capabilities } from '../../../pack/pack-tree.js';
import { below, contentOf, linkTarget, walkDisk, type DiskPath } from '../trees/disk.js';

/** What a snapshot was when it was made. It names its snapshot, so that a fingerprint and a tree cannot be those of another. */
export interface TreeFingerprint {
  readonly key: Digest;
  /** Of names, types, modes, owners, times and contents: equal for equal trees, wherever they lie. */
  readonly content: Digest;
  /** Of the capabilities of its executables that a command may have set; they are in no content. */
  readonly capabilities: Digest;
  /** Of what the kernel tells without opening a file: changes with every write to this very tree. */
  readonly state: Digest;
}

/**
 * Takes the fingerprint of a tree that nobody writes to. Reads all of it. `capabilities`: those that its key does not decide.
 * A later change of one is a change of state.
 */
export const fingerprintOf = (
  key: Digest,
  tree: DiskPath,
  capabilities: Capabilities,
): TreeFingerprint => ({
  key,
  content: contentDigest(tree),
  capabilities: capabilitiesDigest(capabilities),
  state: stateDigest(tree),
});

/** Tells what two trees of one key hold apart. */
export const identityOf = ({
  content,
  capabilities,
}: Omit<TreeFingerprint, 'key' | 'state'>): Digest =>
  digestOf(canonicalJson({ content, capabilities }));

function capabilitiesDigest(capabilities: Capabilities): Digest {
  const lines = [...capabilities].map(([path, value]) =>
    JSON.stringify([path, Buffer.from(value).toString('hex')]),
  );
  return digestOf(lines.sort().join('\n'));
}

/**
 * Digest of names, types, modes, ids, sizes, times, inodes and link targets. The change time cannot be set, not even by
 * root: an edit shows though the modification time was put back, and so does a changed attribute.
 */
export function stateDigest(tree: DiskPath): Digest {
  return digestOver(tree, (path, stats) => {
    // Whoever copies a device or a FIFO links it, which changes these two.
    const own = isSpecial(stats) ? '' : `${stats.nlink}\0${stats.ctimeMs}`;
    return `${appearance(tree, path, stats)}\0${stats.ino}\0${own}\n`;
  });
}

/** Digest of a tree with the content of every file, and of which names are one file. */
export function contentDigest(tree: DiskPath): Digest {
  const names = new Map<number, number>();
  return digestOver(tree, (path, stats, digester) => {
    const file = stats.isFile() && stats.nlink > 1 ? numberOf(names, stats.ino) : '';
    digester.update(latin1(`${appearance(tree, path, stats)}\0${file}\n`));
    if (stats.isFile()) for (const piece of contentOf(below(tree, path))) digester.update(piece);
    return '';
  });
}

function digestOver(
  tree: DiskPath,
  lineOf: (path: ByteString, stats: Stats, digester: Digester) => string,
): Digest {
  const digester = new Digester();
  for (const { path, stats } of walkDisk(tree))
    digester.update(latin1(lineOf(path, stats, digester)));
  return digester.digest();
}

function appearance(tree: DiskPath, path: ByteString, stats: Stats): string {
  // A directory's time changes with its names, which are here themselves.
  const content = stats.isDirectory() ? '' : `${stats.size}\0${stats.mtimeMs}\0${stats.rdev}`;
  const target = stats.isSymbolicLink() ? linkTarget(below(tree, path)) : '';
  return `${path}\0${stats.mode}\0${stats.uid}:${stats.gid}\0${content}\0${target}`;
}

/** The number of a file among those with several names, counted from one. */
function numberOf(names: Map<number, number>, inode: number): number {
  const known = names.get(inode);
  if (known !== undefined) return known;
  names.set(inode, names.size + 1);
  return names.size;
}

const isSpecial = (stats: Stats): boolean =>
  !stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink();

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A fingerprint as its file holds it, bound together by a digest. */
export const encodeFingerprint = (fingerprint: TreeFingerprint): string =>
  canonicalJson({ ...fingerprint, digest: bindingOf(fingerprint) });

/** undefined for anything that `encodeFingerprint` did not write for this key. */
export function decodeFingerprint(text: string, key: Digest): TreeFingerprint | undefined {
  const { key: named, content, capabilities, state, digest } = parse(text);
  if (named !== key || !isDigest(content) || !isDigest(capabilities) || !isDigest(state))
    return undefined;
  const fingerprint: TreeFingerprint = { key, content, capabilities, state };
  return digest === bindingOf(fingerprint) ? fingerprint : undefined;
}

/** Stores on disk have called it so from the beginning. */
const FILE_KIND = 'seal';

const bindingOf = (fingerprint: TreeFingerprint): Digest =>
  digestOf(canonicalJson({ kind: FILE_KIND, ...fingerprint }));

function parse(text: string): Partial<Record<keyof TreeFingerprint | 'digest', unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
