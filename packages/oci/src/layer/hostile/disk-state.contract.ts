import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { type ByteString, compareBytes } from '@nx-nixpack/base';

const bytes = (path: string): Buffer => Buffer.from(path, 'latin1');

/** What is told of a path: its stats and its content or target. */
export type Describe = (stats: Stats, content: string) => string;

/** One line for each path at and below `top`, by name. Paths are latin1. */
export function diskState(top: string, describe: Describe): Map<string, string> {
  const found = new Map<string, string>();
  const pending = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const place = inside(top, path);
    const stats = lstatSync(place);
    found.set(path, describe(stats, contentOf(place, stats)));
    if (!stats.isDirectory()) continue;
    for (const name of readdirSync(place, 'latin1'))
      pending.push(path === '' ? name : `${path}/${name}`);
  }
  return new Map([...found].sort(([a], [b]) => compareBytes(a as ByteString, b as ByteString)));
}

const inside = (top: string, path: string): Buffer => bytes(path === '' ? top : `${top}/${path}`);

function contentOf(place: Buffer, stats: Stats): string {
  if (stats.isSymbolicLink()) return readlinkSync(place, 'latin1');
  if (!stats.isFile()) return '';
  return createHash('sha256').update(readFileSync(place)).digest('hex');
}

/** Everything, the time of the last change included: nothing can be done to a file and undone without a trace. */
export const EVERYTHING: Describe = (
  { ino, mode, uid, gid, nlink, size, rdev, mtimeMs, ctimeMs },
  content,
) => [ino, mode, uid, gid, nlink, size, rdev, mtimeMs, ctimeMs, content].join(' ');

/** What an archive decides: neither inodes nor the size of a directory. */
export const DECIDED: Describe = (stats, content) => {
  const { mode, uid, gid, nlink, size, rdev, mtimeMs } = stats;
  const own = stats.isDirectory() ? '' : `${nlink} ${size} ${rdev}`;
  return `${mode.toString(8)} ${uid}:${gid} ${mtimeMs} ${own} ${content}`;
};
