import { normalizePath } from '@nx-nixpack/base';
import type { Grammar } from '@nx-nixpack/data';

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
