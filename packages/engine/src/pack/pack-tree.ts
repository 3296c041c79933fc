import { baseName, bytes, type ByteString, type Entry, type FileTree } from '@nx-nixpack/base';

/** The attribute `security.capability` of executables, by path. */
export type Capabilities = ReadonlyMap<ByteString, Uint8Array>;

/** A file tree that answers what packing asks often without looking at every entry. */
export interface PackTree extends FileTree {
  /** The names in a directory in byte order; none for what is absent or no directory. */
  names(directory: ByteString): readonly ByteString[];
  /** The file capabilities of some executables. */
  capabilities(paths: readonly ByteString[]): Promise<Capabilities>;
}

const CAPABILITY = 'security.capability';

/** Any file tree, ready to be packed: what an engine hands back, an image's root, a tree in memory. */
export function packTree(tree: FileTree): PackTree {
  return {
    list: (directory) => tree.list(directory),
    entry: (path) => tree.entry(path),
    open: (path) => tree.open(path),
    names: (directory) => [...tree.list(directory)].map(({ path }) => baseName(path)),
    capabilities: (paths) => Promise.resolve(capabilitiesIn(tree, paths)),
  };
}

/** What is at a path, a hard link as the file that it names. */
export function fileAt(tree: FileTree, entry: Entry): Entry {
  if (entry.type !== 'hardlink') return entry;
  const file = tree.entry(entry.target ?? bytes``);
  if (file?.type !== 'file') throw new Error(`the hard link ${entry.path} names no file`);
  return { ...file, path: entry.path };
}

function capabilitiesIn(tree: FileTree, paths: readonly ByteString[]): Capabilities {
  const found = paths.map((path) => {
    const entry = tree.entry(path);
    return [path, entry && fileAt(tree, entry).xattrs?.get(CAPABILITY)] as const;
  });
  return new Map(found.flatMap(([path, value]) => (value ? [[path, value]] : [])));
}
