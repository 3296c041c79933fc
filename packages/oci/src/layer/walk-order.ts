import type { ByteString } from '@nx-nixpack/base';

const SLASH = 0x2f;

/** Order of paths in a walk: a directory before its contents, names of one directory by bytes, depth first. */
export function compareWalk(a: ByteString, b: ByteString): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    // What lies in a directory comes before a name that merely begins like the directory's.
    if (x !== y) return (x === SLASH ? -1 : x) - (y === SLASH ? -1 : y);
  }
  return a.length - b.length;
}
