import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

const CHUNK = 1024 * 1024;

/** Everything below a directory as entries to pack, in walk order. Sockets are left out. */
export function* directoryEntries(root, directory = '') {
  const names = readdirSync(onDisk(root, directory), { encoding: 'latin1' });
  for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
    const path = directory === '' ? name : `${directory}/${name}`;
    const entry = entryOf(root, path);
    if (entry !== undefined) yield entry;
    if (entry?.type === 'directory') yield* directoryEntries(root, path);
  }
}

const onDisk = (root, path) => Buffer.from(`${root}/${path}`, 'latin1');

function entryOf(root, path) {
  const stats = lstatSync(onDisk(root, path));
  const entry = { path, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, size: 0 };
  if (stats.isDirectory()) return { ...entry, type: 'directory' };
  if (stats.isSymbolicLink())
    return {
      ...entry,
      type: 'symlink',
      target: readlinkSync(onDisk(root, path), { encoding: 'latin1' }),
    };
  if (!stats.isFile()) return undefined;
  return {
    ...entry,
    type: 'file',
    size: stats.size,
    open: () => contentOf(onDisk(root, path), stats.size),
  };
}

function* contentOf(path, size) {
  const file = openSync(path, 'r');
  try {
    for (let left = size; left > 0;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, left));
      const read = readSync(file, chunk, 0, chunk.byteLength, null);
      if (read === 0) return;
      yield chunk.subarray(0, read);
      left -= read;
    }
  } finally {
    closeSync(file);
  }
}
