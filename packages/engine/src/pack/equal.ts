import type { Entry, FileTree } from '@nx-nixpack/base';
import type { Owners } from './owners.js';
import { fileAt } from './pack-tree.js';

interface Trees {
  readonly before: FileTree;
  readonly after: FileTree;
  readonly owners: Owners;
}

/** Whether an entry is what it was: type, mode, owner, and target, device or content. Capabilities are compared elsewhere. */
export function isEqual({ before, after, owners }: Trees, entry: Entry, old: Entry): boolean {
  const [now, then] = [fileAt(after, entry), fileAt(before, old)];
  if (now.type !== then.type || modeOf(now) !== modeOf(then)) return false;
  const keepsIds = owners.of(now.path) === undefined;
  if (keepsIds && (now.uid !== then.uid || now.gid !== then.gid)) return false;
  if (now.target !== then.target || now.device?.join() !== then.device?.join()) return false;
  if (now.type !== 'file') return true;
  return now.size === then.size && sameContent(after.open(now.path), before.open(then.path));
}

/** The mode of a symlink says nothing: each system has its own. */
const modeOf = ({ type, mode }: Entry): number => (type === 'symlink' ? 0o777 : mode);

/** Pieces may end at different places. */
function sameContent(left: Iterable<Uint8Array>, right: Iterable<Uint8Array>): boolean {
  const others = right[Symbol.iterator]();
  let rest: Uint8Array = new Uint8Array();
  try {
    for (let piece of left)
      while (piece.byteLength > 0) {
        if (rest.byteLength === 0) {
          const next = others.next();
          if (next.done === true) return false;
          rest = next.value;
          continue;
        }
        const length = Math.min(piece.byteLength, rest.byteLength);
        if (Buffer.compare(piece.subarray(0, length), rest.subarray(0, length)) !== 0) return false;
        [piece, rest] = [piece.subarray(length), rest.subarray(length)];
      }
    return rest.byteLength === 0;
  } finally {
    others.return?.();
  }
}
