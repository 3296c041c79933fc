import { UserError } from '@nx-nixpack/base';

import type { SourceTree } from './source-tree.js';

/** What `pattern` finds first in the files that `glob` matches, in walk order. Files that are not text are skipped (quirk Q3). */
export function findInFiles(
  source: SourceTree,
  glob: string,
  pattern: RegExp,
): { readonly path: string; readonly match: RegExpExecArray } | undefined {
  for (const path of source.files(glob)) {
    const match = pattern.exec(readIfText(source, path) ?? '');
    if (match !== null) return { path, match };
  }
  return undefined;
}

/** The file's text; undefined when it is absent or no text. */
export function readIfText(source: SourceTree, path: string): string | undefined {
  try {
    return source.read(path);
  } catch (error) {
    if (error instanceof UserError && error.code === 'SOURCE_UNSUPPORTED') return undefined;
    throw error;
  }
}

/** Whether one of these files contains the text. Absent files contain nothing. */
export function someContains(source: SourceTree, files: readonly string[], text: string): boolean {
  return files.some((file) => source.has(file) && source.read(file)?.includes(text) === true);
}
