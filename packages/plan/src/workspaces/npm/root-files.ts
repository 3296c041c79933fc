import { compareText, isWithin, joinPath, UserError, type WorkspacePath } from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import type { LockWalk } from './lock-walk.js';
import type { RootFile } from '../model.js';
import type { FoundMembers } from './members.js';
import type { PackageLock } from './package-lock.js';
import { resolveFrom } from '../workspace-path.js';

/** Read by npm or by version managers at the root, whatever the sources say. */
const CONFIGURATION = ['.npmrc', '.nvmrc', '.node-version', '.tool-versions'];

/** The files outside of the members that belong to the closure as they are, sorted. */
export function rootFiles(
  tree: SourceTree,
  root: WorkspacePath,
  lock: PackageLock,
  walk: LockWalk,
  found: FoundMembers,
  patches: readonly WorkspacePath[],
): readonly RootFile[] {
  const files = new Map<WorkspacePath, string>();
  for (const name of CONFIGURATION) {
    const path = joinPath(root, name);
    if (tree.has(path)) files.set(path, 'configuration of the root');
  }
  for (const { tsconfig } of found.directories.values())
    for (const [path, by] of tsconfig.extended) files.set(path, `extended by ${by}`);
  for (const [path, by] of localArchives(root, lock, walk)) files.set(path, by);
  for (const path of patches) files.set(path, 'patch of an installed package');
  const directories = [...found.directories.keys()];
  return [...files]
    .filter(([path]) => !directories.some((directory) => isWithin(path, directory)))
    .map(([path, why]) => ({ path, why }))
    .sort((a, b) => compareText(a.path, b.path));
}

/** `file:vendor/x.tgz` dependencies. */
function localArchives(
  root: WorkspacePath,
  lock: PackageLock,
  walk: LockWalk,
): readonly [WorkspacePath, string][] {
  return [...walk.kept].flatMap((key): [WorkspacePath, string][] => {
    const resolved = lock.entries.get(key)?.resolved;
    if (resolved?.startsWith('file:') !== true) return [];
    const path = resolveFrom(root, resolved.slice('file:'.length));
    if (path === undefined) throw outside(key, resolved);
    return [[path, `archive of ${key}`]];
  });
}

const outside = (key: string, resolved: string): UserError =>
  new UserError({
    code: 'WORKSPACE_OUTSIDE',
    message: `${key} is installed from ${resolved}, which lies outside of the workspace`,
    hint: 'Move the archive into the workspace, or publish it and depend on a version.',
  });
