import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';

/**
 * Directories as they lie on disk, and what one has beyond another. Names are bytes, in the form of `ByteString`
 * (every character one byte), as @nx-nixpack/base defines it.
 *
 * @typedef {import('@nx-nixpack/oci').PackEntry} PackEntry
 */

const CHUNK = 1024 * 1024;

const onDisk = (root, path) => Buffer.from(path === '' ? root : `${root}/${path}`, 'latin1');

const namesIn = (root, path) =>
  readdirSync(onDisk(root, path), { encoding: 'buffer' }).map((name) => name.toString('latin1'));

function stat(root, path) {
  return lstatSync(onDisk(root, path), { throwIfNoEntry: false });
}

const join = (directory, name) => (directory === '' ? name : `${directory}/${name}`);

/**
 * The entries of `upper` that are not the same in `lower`, in walk order, with whiteouts for what `lower` has alone.
 * Without `lower`: all of them. What lies in `skip` is left out (a directory of that name stays, empty).
 *
 * @param {{ upper: string, lower?: string, skip?: ReadonlySet<string>, whiteouts?: boolean }} trees
 * @returns {Generator<PackEntry>}
 */
export function* layerEntries({ upper, lower, skip = new Set(['dev']), whiteouts = true }) {
  const links = new Map();
  yield* inside('');

  function* inside(directory) {
    for (const name of namesOf(directory)) {
      const path = join(directory, name);
      const stats = stat(upper, path);
      if (stats === undefined) {
        yield { ...PLAIN, path, type: 'file', mode: 0o644 }; // a whiteout
        continue;
      }
      if (!isSame(path, stats)) yield entryOf(upper, path, stats, links);
      if (stats.isDirectory() && !skip.has(path)) yield* inside(path);
    }
  }

  function namesOf(directory) {
    const names = namesIn(upper, directory);
    if (whiteouts && lower !== undefined && stat(lower, directory)?.isDirectory()) {
      const there = new Set(names);
      for (const name of namesIn(lower, directory)) if (!there.has(name)) names.push(`.wh.${name}`);
    }
    return names.sort((a, b) => (a < b ? -1 : 1));
  }

  function isSame(path, stats) {
    const below = lower === undefined ? undefined : stat(lower, path);
    if (below === undefined) return false;
    if (below.mode !== stats.mode || below.uid !== stats.uid || below.gid !== stats.gid)
      return false;
    if (stats.isSymbolicLink())
      return readlinkSync(onDisk(upper, path)) === readlinkSync(onDisk(lower, path));
    return !stats.isFile() || sameContent(path, stats, below);
  }

  function sameContent(path, stats, below) {
    if (stats.size !== below.size) return false;
    return readFileSync(onDisk(upper, path)).equals(readFileSync(onDisk(lower, path)));
  }
}

const PLAIN = { mode: 0o755, uid: 0, gid: 0, size: 0 };

function entryOf(root, path, stats, links) {
  const entry = { ...PLAIN, path, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
  if (stats.isDirectory()) return { ...entry, type: 'directory' };
  if (stats.isSymbolicLink()) {
    const target = readlinkSync(onDisk(root, path), { encoding: 'buffer' }).toString('latin1');
    return { ...entry, type: 'symlink', target, mode: 0o777 };
  }
  if (!stats.isFile()) throw new Error(`${path} is neither file, directory nor symbolic link`);
  const first = links.get(stats.ino);
  if (first !== undefined) return { ...entry, type: 'hardlink', target: first };
  if (stats.nlink > 1) links.set(stats.ino, path);
  return { ...entry, type: 'file', size: stats.size, open: () => contentOf(onDisk(root, path)) };
}

function* contentOf(path) {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const size = readSync(file, chunk, 0, CHUNK, null);
      if (size === 0) return;
      yield chunk.subarray(0, size);
    }
  } finally {
    closeSync(file);
  }
}
