import { bytes, type ByteString, type Entry, type FileTree, resolveEntry } from '@nx-nixpack/base';

/** The entry at `path` seen from `directory`, links and the hard link at its end followed; none leads out of the source. */
export function resolvePath(
  tree: FileTree,
  directory: ByteString,
  path: ByteString,
): Entry | undefined {
  const entry = resolveEntry(tree, path, { root: 'none', from: directory });
  return entry?.type === 'hardlink' ? tree.entry(entry.target ?? bytes``) : entry;
}
