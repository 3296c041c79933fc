import { posix } from 'node:path';

/** Joins paths that are relative to the workspace root, where '' is the root; `..` parts that leave it stay. */
export function joinDirectories(...parts: readonly string[]): string {
  const joined = posix.join(...parts);
  const trimmed = joined.endsWith('/') ? joined.slice(0, -1) : joined;
  return trimmed === '.' ? '' : trimmed;
}

export const leavesRoot = (path: string): boolean =>
  path === '..' || path.startsWith('../') || path.startsWith('/');
