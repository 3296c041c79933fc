import type { ByteString } from '@nx-nixpack/base';
import { below, linkTarget, lstat, type DiskPath } from './disk.js';

const MAX_LINKS = 40;

/**
 * Where a path of an image really lies below `root`, every link on the way followed as a process in the image would.
 * The answer is relative, without links, and never outside; what does not exist yet is kept as it is.
 * Valid only while nothing else writes below `root`. Throws for a circle of links.
 */
export function resolveInRoot(root: DiskPath, path: ByteString): ByteString {
  const pending = path.split('/');
  const done: ByteString[] = [];
  let links = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = below(root, [...done, part].join('/'));
    if (!lstat(here)?.isSymbolicLink()) {
      done.push(part);
      continue;
    }
    if (++links > MAX_LINKS) throw new Error(`too many links in ${path}`);
    const target = linkTarget(here);
    if (target.startsWith('/')) done.length = 0;
    pending.unshift(...target.split('/'));
  }
  return done.join('/');
}

export const parentOf = (path: ByteString): ByteString =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameOf = (path: ByteString): ByteString => path.slice(path.lastIndexOf('/') + 1);
