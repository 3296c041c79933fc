import type { ByteString } from './byte-string.js';

/** Paths with `/` between their parts, of bytes or of text; '' is the root, and the root's parent is the root. */

/** A path relative to the workspace root: normalized, with forward slashes, without a leading `./`; '' is the root itself. */
export type WorkspacePath = string & { readonly __brand: 'WorkspacePath' };

export const parentOf = <P extends string>(path: P): P =>
  path.slice(0, Math.max(0, path.lastIndexOf('/'))) as P;

export const baseName = <P extends string>(path: P): P =>
  path.slice(path.lastIndexOf('/') + 1) as P;

/** `directory/name`, where '' is the root. */
export function joinPath(directory: ByteString, name: ByteString): ByteString;
export function joinPath(directory: WorkspacePath, name: string): WorkspacePath;
export function joinPath(directory: string, name: string): string;
export function joinPath(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** The directories above a path, the nearest first, the root last; none above the root. */
export function* directoriesAbove<P extends string>(path: P): Generator<P> {
  for (let at = path; at !== '';) {
    at = parentOf(at);
    yield at;
  }
}

/** Whether a path is the directory or lies below it. */
export const isWithin = (path: string, directory: string): boolean =>
  directory === '' || path === directory || path.startsWith(`${directory}/`);

/** A path below `directory`, seen from there. */
export const relativeTo = <P extends string>(directory: P, path: P): P =>
  directory === '' ? path : (path.slice(directory.length + 1) as P);

/**
 * A glob that matches the path: `?` for what a glob could take for more than itself. Nx knows no way to write a parenthesis or
 * an exclamation mark as itself, so the glob may match a neighbor too, and never misses the path.
 */
export const globOf = (path: string): string => path.replace(/[*?[\]{}()!|\\]/g, '?');

/** The path without `.`, `..` and doubled slashes; undefined when it is absolute or leaves the root. */
export function normalizePath<P extends string>(path: P): P | undefined {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return undefined;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) return undefined;
  }
  return kept.join('/') as P;
}
