import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { type Entry, readFileBytes, walk } from '@nx-nixpack/base';
import type { Layer } from '../../image.js';
import { type ImageTree, openImageTree } from '../../tree/image-tree.js';
import { unpackLayer, type UnpackOptions } from '../unpack-layer.js';
import { diskState } from './disk-state.contract.js';

/** What layers mean: one line for each path, or the message with which they are refused. */
export type Meaning = readonly string[] | string;

/** Any failure but BASE_INVALID is a bug. */
async function outcome(work: Promise<readonly string[]>): Promise<Meaning> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: string }).code === 'BASE_INVALID') return (error as Error).message;
    throw error;
  }
}

/** What layers mean when they are read. */
export const meaningRead = (layers: readonly Layer[], scratch: string): Promise<Meaning> =>
  outcome(read(layers, join(scratch, 'tree')));

/** What layers mean when they are unpacked, as root. */
export const meaningUnpacked = (
  layers: readonly Layer[],
  scratch: string,
  options: UnpackOptions = {},
): Promise<Meaning> => outcome(unpacked(layers, mkdtempSync(join(scratch, 'root-')), options));

async function read(layers: readonly Layer[], scratch: string): Promise<string[]> {
  const tree = await openImageTree(layers, scratch);
  try {
    return [...walk(tree)].map((entry) => `${entry.path}: ${described(tree, entry)}`).sort();
  } finally {
    tree.close();
  }
}

function described(tree: ImageTree, entry: Entry): string {
  const { type, mode, path, target = '', device = [] } = entry;
  const own: Partial<Record<Entry['type'], string>> = {
    file: type === 'file' ? sha256(readFileBytes(tree, path)) : '',
    symlink: target,
  };
  // The mode of a link means nothing and is not kept.
  return `${type} ${type === 'symlink' ? '' : mode} ${ownerOf(entry)} ${own[type] ?? device.join()}`;
}

async function unpacked(
  layers: readonly Layer[],
  directory: string,
  options: UnpackOptions,
): Promise<string[]> {
  const root = join(directory, 'root');
  mkdirSync(root);
  for (const layer of layers) await unpackLayer(layer, root, options);
  if (readdirSync(directory).length > 1) throw new Error('something appeared beside the root');
  const state = diskState(root, (stats, content) => {
    const type = typeOf(stats);
    const mode = type === 'symlink' ? '' : stats.mode & 0o7777;
    return `${type} ${mode} ${ownerOf(stats)} ${content || deviceOf(stats, type)}`;
  });
  state.delete('');
  return [...state].map(([path, line]) => `${path}: ${line}`).sort();
}

/** Only root can give files away. */
const ownerOf = ({ uid, gid }: { readonly uid: number; readonly gid: number }): string =>
  process.geteuid?.() === 0 ? `${uid}:${gid}` : '';

function typeOf(stats: Stats): Entry['type'] {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isFile()) return 'file';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}

const deviceOf = ({ rdev }: Stats, type: Entry['type']): string =>
  type.endsWith('device')
    ? `${(rdev >> 8) & 0xfff},${(rdev & 0xff) | ((rdev >>> 12) & 0xfff00)}`
    : '';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
