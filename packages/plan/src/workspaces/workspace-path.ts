import { posix } from 'node:path';

/** Joins paths that are relative to the workspace root, where '' is the root; `..` parts that leave it stay. */
export function joinDirectories(...parts: readonly string[]): string {
  const joined = posix.join(...parts);
  const trimmed = joined.endsWith('/') ? joined.slice(0, -1) : joined;
  return trimmed === '.' ? '' : trimmed;
}

/** The directory above; undefined above the root. */
export function parentDirectory(path: string): string | undefined {
  if (path === '') return undefined;
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Whether a path is the directory or lies below it. */
export const isWithin = (path: string, directory: string): boolean =>
  directory === '' || path === directory || path.startsWith(`${directory}/`);

export const leavesRoot = (path: string): boolean =>
  path === '..' || path.startsWith('../') || path.startsWith('/');

/** A path below `directory`, seen from there. */
export const relativeTo = (directory: string, path: string): string =>
  directory === '' ? path : path.slice(directory.length + 1);
