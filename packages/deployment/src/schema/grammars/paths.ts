import type { Grammar } from './names.js';

/** The path without `.`, `..` and doubled slashes: '' is the root, undefined when it is absolute or leaves the root. */
export function normalizePath(path: string): string | undefined {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return undefined;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) return undefined;
  }
  return kept.join('/');
}

/** Relative, with forward slashes, below its root. */
export const pathBelow =
  (root: string): Grammar =>
  (text) => {
    const plain = text !== '' && !/[\\\n\t]/.test(text);
    if (plain && normalizePath(text)) return undefined;
    return `Write a path below ${root}, relative to it, with forward slashes.`;
  };

/** Patterns of files: like paths, and `..` nowhere, since what stands before it may match anything. */
export const patternBelow =
  (root: string): Grammar =>
  (text) => {
    const climbs = text.split('/').includes('..') || /\{[^}]*\.\.[^}]*\}/.test(text);
    if (!climbs && !text.startsWith('!') && pathBelow(root)(text) === undefined) return undefined;
    return `Write a pattern of files below ${root}, relative to it, without "..": assets/**.`;
  };
