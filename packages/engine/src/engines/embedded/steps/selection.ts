import type { ByteString } from '@nx-nixpack/base';
import { baseName, bytes, encodeText, parentOf } from '@nx-nixpack/base';
import { Digester, type Digest } from '@nx-nixpack/oci';
import { constants, type Stats } from 'node:fs';
import type { Capabilities } from '../../../pack/pack-tree.js';
import {
  below,
  contentOf,
  linkTarget,
  lstat,
  namesIn,
  permissions,
  type DiskPath,
} from '../trees/disk.js';
import { resolveInRoot } from '../trees/resolve-in-root.js';

export interface Selected {
  /** Where it goes, relative to the step's `to`. */
  readonly path: ByteString;
  /** Where it is, relative to the view's root, without links on the way. */
  readonly from: ByteString;
  readonly stats: Stats;
}

const ANYWHERE = '**/';

/** What a copy step names in a tree, in walk order of each named path. Absent paths are skipped. */
export function* select(
  root: DiskPath,
  paths: readonly string[],
  except: readonly string[] = [],
): Generator<Selected> {
  const unwanted = unwantedIn(except);
  for (const path of paths.map(encodeText)) yield* selectPath(root, path, unwanted);
}

type Unwanted = (path: ByteString, stats: Stats) => boolean;

function* selectPath(root: DiskPath, path: ByteString, unwanted: Unwanted): Generator<Selected> {
  if (path === '.') return yield* contents(root, bytes``, bytes``, unwanted);
  const anywhere = path.lastIndexOf(ANYWHERE);
  if (anywhere >= 0) {
    const start = path.slice(0, Math.max(0, anywhere - 1));
    return yield* named(root, start, path.slice(anywhere + ANYWHERE.length), unwanted);
  }
  const from = joined(resolveInRoot(root, parentOf(path)), baseName(path));
  const stats = lstat(below(root, from));
  if (stats === undefined || unwanted(path, stats)) return;
  yield { path, from, stats };
  if (stats.isDirectory()) yield* contents(root, path, from, unwanted);
}

function* contents(
  root: DiskPath,
  path: ByteString,
  from: ByteString,
  unwanted: Unwanted,
): Generator<Selected> {
  for (const name of namesIn(below(root, from))) {
    const stats = lstat(below(root, joined(from, name)));
    const entry = { path: joined(path, name), from: joined(from, name) };
    if (stats === undefined || unwanted(entry.path, stats)) continue;
    yield { ...entry, stats };
    if (stats.isDirectory()) yield* contents(root, entry.path, entry.from, unwanted);
  }
}

/** Every topmost directory of a name, at any depth. */
function* named(
  root: DiskPath,
  start: ByteString,
  name: ByteString,
  unwanted: Unwanted,
): Generator<Selected> {
  const stats = lstat(below(root, start));
  if (!stats?.isDirectory()) return;
  for (const child of namesIn(below(root, start))) {
    const path = joined(start, child);
    const childStats = lstat(below(root, path));
    if (!childStats?.isDirectory() || unwanted(path, childStats)) continue;
    if (child === name) yield* selectPath(root, path, unwanted);
    else yield* named(root, path, name, unwanted);
  }
}

function unwantedIn(except: readonly string[]): Unwanted {
  const all = except.map(encodeText);
  const names = new Set(
    all.filter((path) => path.startsWith(ANYWHERE)).map((path) => path.slice(ANYWHERE.length)),
  );
  const paths = new Set(all);
  return (path, stats) => paths.has(path) || (stats.isDirectory() && names.has(baseName(path)));
}

/** The executables of a selection: what may have capabilities that a copy keeps. */
export function* executablesIn(selection: Iterable<Selected>): Generator<ByteString> {
  for (const { from, stats } of selection) if (isExecutable(stats)) yield from;
}

const isExecutable = (stats: Stats): boolean => stats.isFile() && (stats.mode & 0o111) !== 0;

/**
 * The content that a copy step reads: equal trees give equal digests, whenever and wherever they were made.
 * `capabilities`: those of the selection's executables, by where they are.
 */
export function digestOfSelection(
  root: DiskPath,
  selection: Iterable<Selected>,
  capabilities: Capabilities,
): Digest {
  const digester = new Digester();
  const names = new Map<number, ByteString>();
  for (const selected of selection) {
    const first = firstNameOf(names, selected);
    const head =
      first === undefined ? headOf(root, selected, capabilities) : [selected.path, first];
    digester.update(Buffer.from(JSON.stringify(head), 'latin1'));
    if (first !== undefined || !selected.stats.isFile()) continue;
    for (const piece of contentOf(below(root, selected.from))) digester.update(piece);
  }
  return digester.digest();
}

/** As JSON it shows its own end, and with the size that of the content after it: no two selections read alike. */
function headOf(root: DiskPath, { path, from, stats }: Selected, capabilities: Capabilities) {
  const target = stats.isSymbolicLink() ? linkTarget(below(root, from)) : '';
  // What the size of a directory says depends on the file system.
  const size = stats.isFile() ? stats.size : 0;
  const capability = Buffer.from(capabilities.get(from) ?? []).toString('hex');
  const kind = stats.mode & constants.S_IFMT;
  const { uid, gid, rdev } = stats;
  return [path, kind, permissions(stats), uid, gid, rdev, target, size, capability];
}

/** The name under which a file was selected before; a copy makes a hard link to it. Remembers files with several names. */
function firstNameOf(
  names: Map<number, ByteString>,
  { path, stats }: Selected,
): ByteString | undefined {
  if (!stats.isFile() || stats.nlink === 1) return undefined;
  const first = names.get(stats.ino);
  if (first === undefined) names.set(stats.ino, path);
  return first;
}

const joined = (directory: ByteString, name: ByteString): ByteString =>
  directory === '' ? name : bytes`${directory}/${name}`;
