import {
  chmodSync,
  closeSync,
  constants,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { type ByteString, encodeText, UserError } from '@nx-nixpack/base';
import { quoteName } from '../tar/entry-place.js';
import type { TarEntry } from '../tar/tar-format.js';
import { encodeHeader, TAR_END } from '../tar/tar-writer.js';
import type { DiskDirectory, Postponed } from './disk-directory.js';
import type { DiskTree } from './disk-tree.js';
import { timeOf } from './open-file.js';
import type { Place } from './postponed.js';

/** Makes what Node cannot: devices and FIFOs. */
export interface SpecialFiles {
  /** An empty directory on the file system of the unpacked root, not in it, that only its owner may enter. */
  readonly directory: string;
  /** Unpacks a tar into it, which holds devices and FIFOs only, of mode 0600; their names are decimal numbers. */
  unpack(tar: Uint8Array): void | Promise<void>;
}

/** Entries that are made at once. */
const BATCH = 10_000;

/**
 * Puts the devices and FIFOs of a layer in the places that wait for them. They are made under names of ours in a
 * directory of ours and moved by handle: no name of the layer reaches another program.
 */
export async function makeSpecialFiles(
  tree: DiskTree,
  port: SpecialFiles | undefined,
): Promise<void> {
  const waiting = [...tree.postponed].filter(([{ entry }]) => entry.type !== 'file');
  if (port === undefined) return leaveOut(tree, waiting);
  for (let start = 0; start < waiting.length; start += BATCH) {
    const batch = waiting.slice(start, start + BATCH);
    await port.unpack(tarOf(batch.map(([{ entry }]) => entry)));
    const from = openSync(port.directory, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      batch.forEach(([{ entry }, places], index) =>
        move(tree, dressed(`/proc/self/fd/${from}/${index}`, entry), places),
      );
    } finally {
      closeSync(from);
    }
  }
}

function tarOf(entries: readonly TarEntry[]): Uint8Array {
  const headers = entries.map((entry, index) => {
    const { type, device } = entry;
    const plain = { path: encodeText(String(index)), type, mode: 0o600, uid: 0, gid: 0, size: 0 };
    return encodeHeader(device === undefined ? plain : { ...plain, device }, 0);
  });
  return Buffer.concat([...headers, TAR_END]);
}

/** Gives what was made its attributes, after a look at what it is: a change of the mode would follow a link. */
function dressed(path: string, entry: TarEntry): string {
  if (typeIn(lstatSync(path)) !== entry.type)
    throw new Error(`${path} is not the ${entry.type} that was asked for`);
  lchownSync(path, entry.uid, entry.gid);
  chmodSync(path, entry.mode);
  lutimesSync(path, timeOf(entry.mtime), timeOf(entry.mtime));
  return path;
}

function typeIn(stats: Stats): TarEntry['type'] | undefined {
  if (stats.isFIFO()) return 'fifo';
  if (stats.isBlockDevice()) return 'block-device';
  return stats.isCharacterDevice() ? 'character-device' : undefined;
}

function move(tree: DiskTree, path: string, places: readonly Place[]): void {
  for (const { directory, name } of places.slice(1)) {
    unlinkSync(tree.handles.at(directory, name));
    linkSync(path, tree.handles.at(directory, name));
  }
  const [{ directory, name }] = places as [Place];
  renameSync(path, tree.handles.at(directory, name));
}

/** Without help devices below dev/ are left out: whoever runs the image brings its own. */
function leaveOut(
  tree: DiskTree,
  waiting: readonly (readonly [Postponed, readonly Place[]])[],
): void {
  for (const [{ entry }, places] of waiting)
    for (const { directory, name } of places) {
      if (topOf(directory) !== 'dev') throw unsupported(entry);
      unlinkSync(tree.handles.at(directory, name));
    }
}

function topOf(directory: DiskDirectory): ByteString {
  let at = directory;
  while (at.parent?.parent !== undefined) at = at.parent;
  return at.name;
}

function unsupported({ path, type }: TarEntry): UserError {
  return new UserError({
    code: 'UNSUPPORTED',
    message: `The layer holds the ${type} ${quoteName(path)}, which cannot be made here`,
    hint: 'Choose a base image without devices outside of /dev.',
  });
}
