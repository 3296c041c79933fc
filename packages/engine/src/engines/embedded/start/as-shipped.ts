import { lchownSync, rmSync, type Stats } from 'node:fs';
import { encodeText, joinPath, parentOf, type ByteString } from '@nx-nixpack/base';
import type { Ownership } from '../../../recipe/recipe.js';
import { isVolatile } from '../../../pack/volatile.js';
import { below, lstat, namesIn, onDisk, walkDisk, type DiskPath } from '../trees/disk.js';
import type { Stack } from '../trees/tree-view.js';

/**
 * What the packer does to a tree, done to a writable view of it: ids of the run user, nothing volatile. Links on the way to a path
 * are those of the image and would lead to files of this machine: nothing is done beyond one, as the packer does nothing there.
 */
export function makeAsShipped(root: DiskPath, stack: Stack, ownership: Ownership): void {
  for (const path of volatileIn(stack))
    if (entryAt(root, path)) rmSync(onDisk(below(root, path)), REMOVED);
  for (const path of ownership.paths) own(root, encodeText(path.replace(/^\/+/, '')), ownership);
}

/** What is at a path itself; nothing where something else than a directory is on the way. */
function entryAt(root: DiskPath, path: ByteString): Stats | undefined {
  const parent = parentOf(path);
  if (parent !== '' && !entryAt(root, parent)?.isDirectory()) return undefined;
  return lstat(below(root, path));
}

const REMOVED = { recursive: true, force: true } as const;

/** Directories of steps whose content stays out of layers; what the base has there stays. */
const VOLATILE_DIRECTORIES = ['run', 'tmp'].map(encodeText);

function volatileIn([base, ...added]: Stack): ByteString[] {
  const inBase = (path: ByteString): boolean =>
    base !== undefined && lstat(below(base.tree, path)) !== undefined;
  return added
    .flatMap(({ tree }) => VOLATILE_DIRECTORIES.flatMap((directory) => childrenOf(tree, directory)))
    .filter((path) => isVolatile(path) && !inBase(path));
}

function childrenOf(tree: DiskPath, directory: ByteString): ByteString[] {
  if (!lstat(below(tree, directory))?.isDirectory()) return [];
  return namesIn(below(tree, directory)).map((name) => joinPath(directory, name));
}

function own(root: DiskPath, path: ByteString, { uid, gid }: Ownership): void {
  const at = below(root, path);
  const stats = entryAt(root, path);
  if (stats === undefined) return;
  if (stats.uid !== uid || stats.gid !== gid) lchownSync(onDisk(at), uid, gid);
  if (!stats.isDirectory()) return;
  for (const { path: name, stats: one } of walkDisk(at))
    if (one.uid !== uid || one.gid !== gid) lchownSync(onDisk(below(at, name)), uid, gid);
}
