import { posix } from 'node:path';
import { workspacePath, type WorkspacePath } from '@nx-nixpack/base';

/** Joins paths that are relative to the workspace root, where '' is the root; `..` parts that leave it stay. */
export function joinDirectories(...parts: readonly string[]): string {
  const joined = posix.join(...parts);
  const trimmed = joined.endsWith('/') ? joined.slice(0, -1) : joined;
  return trimmed === '.' ? '' : trimmed;
}

/** What a path means that is written in a directory; undefined when it leaves the workspace. */
export const resolveFrom = (directory: WorkspacePath, path: string): WorkspacePath | undefined =>
  workspacePath(posix.join(directory, path));

export const leavesRoot = (path: string): boolean =>
  path === '..' || path.startsWith('../') || path.startsWith('/');
