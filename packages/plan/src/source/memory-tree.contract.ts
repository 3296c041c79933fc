import { memoryTree as fileTree, type FileTree, type MemoryFile } from '@nx-nixpack/base';

import { sourceTree } from './listed-tree.js';
import type { SourceTree } from './source-tree.js';

export interface MemoryTreeOptions {
  readonly name?: string;
  readonly executable?: readonly string[];
  /** Symbolic links: path to target. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A source tree from texts by path, for specs and conformance cases; null is an empty file, a final slash a directory. */
export function memoryTree(
  files: Readonly<Record<string, string | null>>,
  options: MemoryTreeOptions = {},
): SourceTree {
  return sourceTree(memoryFiles(files, options), { name: options.name ?? 'app' });
}

/** The same as a file tree. Contents are UTF-8. */
export function memoryFiles(
  files: Readonly<Record<string, string | null>>,
  { executable = [], links = {} }: MemoryTreeOptions = {},
): FileTree {
  const entries = Object.entries(files).map(([path, text]): [string, MemoryFile] => {
    const content = text ?? '';
    return [path, executable.includes(path) ? { executable: content } : content];
  });
  const linked = Object.entries(links).map(([path, link]) => [path, { link }] as const);
  return fileTree(Object.fromEntries([...entries, ...linked]));
}
