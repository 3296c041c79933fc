import {
  chmodSync,
  fchmodSync,
  closeSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
  lutimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { baseName, type Entry, type FileTree, sanitize, UserError, walk } from '@nx-nixpack/base';
import { Digester, type Digest } from '@nx-nixpack/oci';
import { diskPath, onDisk, below, type DiskPath } from '../trees/disk.js';
import { keyOf } from '../steps/step-key.js';
import type { Snapshots } from './snapshots.js';

/** zip archives, which wheels are, cannot hold anything earlier. */
export const EARLIEST_TIME = Date.UTC(1980, 0, 2) / 1000;

/**
 * Brings a build's source into the store, once for each content, and answers its key. Modes become 0755 and 0644,
 * owner root, times constant, so that only names and contents count. Throws UserError SOURCE_UNSUPPORTED for what
 * an image cannot hold, and whatever reading the source throws.
 */
export function sourceSnapshot(
  source: FileTree,
  snapshots: Snapshots,
  session: string,
  created: number,
): Digest {
  const seconds = Math.max(created, EARLIEST_TIME);
  const key = copyOf(source, seconds);
  if (snapshots.find(key)) return key;
  const prepared = join(session, randomBytes(8).toString('hex'));
  mkdirSync(prepared);
  makeDirectory(Buffer.from(join(prepared, 'tree')));
  // What was written counts: the source may have changed since it was looked at.
  const written = copyOf(source, seconds, diskPath(join(prepared, 'tree')));
  return snapshots.commit(written, prepared).key;
}

/** Reads all of the source, writes it when there is a place for it, and answers the key of what was read. */
function copyOf(source: FileTree, seconds: number, target?: DiskPath): Digest {
  const digester = new Digester();
  for (const entry of walk(source)) {
    check(entry);
    const mode = modeOf(entry);
    digester.update(
      Buffer.from(`${entry.path}\0${entry.type}\0${mode}\0${entry.target ?? ''}\0`, 'latin1'),
    );
    if (target !== undefined) make(entry, below(target, entry.path), seconds);
    if (isFile(entry))
      copyFile(
        source,
        entry,
        digester,
        target === undefined ? undefined : { target, mode, seconds },
      );
  }
  return keyOf({ source: digester.digest(), seconds });
}

const isFile = ({ type }: Entry): boolean => type === 'file' || type === 'hardlink';

const modeOf = (entry: Entry): number =>
  entry.type === 'directory' || (entry.mode & 0o100) !== 0 ? 0o755 : 0o644;

function make(entry: Entry, path: DiskPath, seconds: number): void {
  if (entry.type === 'directory') makeDirectory(onDisk(path));
  if (entry.type !== 'symlink') return;
  symlinkSync(Buffer.from(entry.target ?? '', 'latin1'), onDisk(path));
  lutimesSync(onDisk(path), seconds, seconds);
}

/** The mode is set, not asked for: the umask of whoever builds must not reach the image. */
function makeDirectory(path: Buffer): void {
  mkdirSync(path);
  chmodSync(path, 0o755);
}

function copyFile(
  source: FileTree,
  entry: Entry,
  digester: Digester,
  to: { target: DiskPath; mode: number; seconds: number } | undefined,
): void {
  const path = to && onDisk(below(to.target, entry.path));
  const file = path && openSync(path, 'wx', to.mode);
  const content = new Digester();
  try {
    if (file !== undefined) fchmodSync(file, to?.mode ?? 0);
    for (const piece of source.open(entry.path)) {
      content.update(piece);
      if (file !== undefined) writeAll(file, piece);
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }
  digester.update(Buffer.from(content.digest()));
  if (path) utimesSync(path, to.seconds, to.seconds);
}

function writeAll(file: number, piece: Uint8Array): void {
  for (let offset = 0; offset < piece.byteLength;) offset += writeSync(file, piece, offset);
}

function check({ path, type }: Entry): void {
  const name = baseName(path);
  if (name.startsWith('.wh.'))
    throw unsupported(
      path,
      'would remove another file in the image',
      'Give the file another name.',
    );
  if (!['file', 'hardlink', 'directory', 'symlink'].includes(type))
    throw unsupported(path, `is a ${type}`, 'Remove it, or name it in .dockerignore.');
}

function unsupported(path: string, what: string, hint: string): UserError {
  const name = sanitize(Buffer.from(path, 'latin1').toString('utf8'));
  return new UserError({ code: 'SOURCE_UNSUPPORTED', message: `${name} ${what}`, hint });
}
