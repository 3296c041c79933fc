import { followLinks, type ByteString, type Place } from '@nx-nixpack/base';
import { below, linkTarget, lstat, type DiskPath } from './disk.js';

/**
 * Where a path of an image really lies below `root`, every link on the way followed as a process in the image would.
 * The answer is relative, without links, and never outside; what does not exist yet is kept as it is.
 * Valid only while nothing else writes below `root`. Throws for a cycle of links.
 */
export function resolveInRoot(root: DiskPath, path: ByteString): ByteString {
  const look = (place: ByteString): Place => {
    const here = below(root, place);
    return lstat(here)?.isSymbolicLink() ? { target: linkTarget(here) } : 'passable';
  };
  const place = followLinks({ root: 'own', look }, path);
  if (place === undefined) throw new Error(`too many links in ${path}`);
  return place;
}
