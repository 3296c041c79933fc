import { bytes, type ByteString } from './byte-string.js';
import type { Entry, FileTree } from './file-tree.js';
import { joinPath, parentOf } from './path.js';

/** As many links as Linux follows before it gives up on a loop. */
const MAX_LINKS = 40;
const ROOT: Entry = { path: bytes``, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 };

/** Where links are followed: in a tree, on a disk. */
export interface Terrain {
  /**
   * An image has its own root: an absolute link begins there, `..` stops there. A source has none: what leads to a root
   * or above its top leads out of it.
   */
  readonly root: 'own' | 'none';
  /** A link with its target, something that paths may lead through, or something that they may not. */
  look(path: ByteString): Place;
}
export type Place = { readonly target: ByteString } | 'passable' | 'closed';

/**
 * A path, seen from a directory without links, with every link followed; what comes last may be absent. Undefined when it
 * leads out of the tree, through what is closed, or through more links than any path needs.
 */
export function followLinks(
  terrain: Terrain,
  path: ByteString,
  from: ByteString = bytes``,
): ByteString | undefined {
  const pending = partsOf(path);
  let at = startOf(terrain, path, from);
  let found: Place = 'passable';
  for (let links = 0; pending.length > 0 && at !== undefined;) {
    const part = pending.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (found === 'closed') return undefined;
    const next = part === '..' ? above(terrain, at) : joinPath(at, part);
    found = next === undefined || part === '..' ? 'passable' : terrain.look(next);
    if (typeof found === 'string') {
      at = next;
      continue;
    }
    if (found.target === '' || ++links > MAX_LINKS) return undefined;
    pending.push(...partsOf(found.target));
    at = startOf(terrain, found.target, at);
  }
  return at;
}

/** The parts of a path, the first one last. */
const partsOf = (path: ByteString): ByteString[] => path.split('/').reverse();

function startOf({ root }: Terrain, path: ByteString, from: ByteString): ByteString | undefined {
  if (!path.startsWith('/')) return from;
  return root === 'own' ? bytes`` : undefined;
}

const above = ({ root }: Terrain, directory: ByteString): ByteString | undefined =>
  directory === '' && root === 'none' ? undefined : parentOf(directory);

/** The entry that a path leads to in a file tree; undefined where `followLinks` answers so, and when nothing is there. */
export function resolveEntry(
  tree: FileTree,
  path: ByteString,
  { root, from = bytes`` }: { readonly root: Terrain['root']; readonly from?: ByteString },
): Entry | undefined {
  const look = (at: ByteString): Place => placeOf(tree.entry(at));
  const place = followLinks({ root, look }, path, from);
  if (place === undefined) return undefined;
  return tree.entry(place) ?? (place === '' ? ROOT : undefined);
}

function placeOf(entry: Entry | undefined): Place {
  if (entry?.type === 'symlink') return { target: entry.target ?? bytes`` };
  return entry?.type === 'directory' ? 'passable' : 'closed';
}
