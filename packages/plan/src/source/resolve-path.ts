import { joinPath } from '@nx-nixpack/base';
import type { ByteString, Entry, FileTree } from '@nx-nixpack/base';

/** As many links as Linux follows before it gives up on a loop. */
const MAX_LINKS = 40;
const ROOT: Entry = { path: '', type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 };

/**
 * The entry at `path` seen from `directory`, links followed. Undefined when it is absent, when a link leads out of the
 * tree or round in a circle, and for absolute paths: the tree has no other root.
 */
export function resolvePath(
  tree: FileTree,
  directory: ByteString,
  path: ByteString,
): Entry | undefined {
  if (path.startsWith('/')) return undefined;
  const pending = path.split('/').reverse();
  let at = entryOf(tree, directory);
  for (let links = 0; pending.length > 0;) {
    const part = pending.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (at?.type !== 'directory') return undefined;
    const next = part === '..' ? parentOf(tree, at.path) : tree.entry(joinPath(at.path, part));
    if (next?.type !== 'symlink') {
      at = next;
      continue;
    }
    const target = next.target ?? '';
    if (target.startsWith('/') || target === '' || ++links > MAX_LINKS) return undefined;
    pending.push(...target.split('/').reverse());
  }
  return at?.type === 'hardlink' ? entryOf(tree, at.target ?? '') : at;
}

const entryOf = (tree: FileTree, path: ByteString): Entry | undefined =>
  path === '' ? ROOT : tree.entry(path);

/** The directory above; undefined above the tree's own root. */
function parentOf(tree: FileTree, path: ByteString): Entry | undefined {
  if (path === '') return undefined;
  return entryOf(tree, path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}
