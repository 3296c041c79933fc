import type { Stats } from 'node:fs';
import { baseName, type ByteString, compareBytes, UserError } from '@nx-nixpack/base';
import { below, contentOf, linkTarget, lstat, namesIn, type DiskPath } from '../trees/disk.js';
import { factsOf, isExecutable, type FileFacts } from '../trees/file-facts.js';
import { isVolatile } from '../../../pack/volatile.js';

export interface DiffInput {
  /** The tree without and the tree with the changes. */
  readonly lower: DiskPath;
  readonly merged: DiskPath;
  /** What was written, the oldest first: only names in them are looked at. */
  readonly uppers: readonly DiskPath[];
  /** The root of the base image: what is volatile and not there was never in a layer. */
  readonly base: DiskPath;
  /** Whether an entry's ids are rewritten anyway, so that they do not count as a change. */
  readonly owned: (path: ByteString) => boolean;
  /** Paths whose whole content is a change. */
  readonly forced: readonly ByteString[];
}

export type Change =
  | { readonly kind: 'removed'; readonly path: ByteString }
  | { readonly kind: 'present'; readonly path: ByteString; readonly facts: FileFacts }
  /** Equal as far as the kernel tells, but it was written: its capabilities may differ. */
  | { readonly kind: 'suspect'; readonly path: ByteString; readonly facts: FileFacts };

/**
 * What changed, in the order of a layer. Needs no extended attributes: names that are below and no longer visible
 * were removed, whatever way overlay says so; what is visible and equal below is noise of copying up.
 */
export function* changesOf(input: DiffInput): Generator<Change> {
  yield* directoryChanges(input, '', input.uppers, true);
}

function* directoryChanges(
  input: DiffInput,
  directory: ByteString,
  uppers: readonly DiskPath[],
  existed: boolean,
): Generator<Change> {
  const present = new Set(namesIn(below(input.merged, directory)));
  const before = existed ? namesIn(below(input.lower, directory)) : [];
  const written = writtenNames(input, directory, uppers, existed, present);
  const removed = before.filter((name) => !present.has(name)).map((name) => `.wh.${name}`);
  for (const name of [...written, ...removed].sort(compareBytes)) {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (present.has(name)) yield* entryChanges(input, path, uppers, existed);
    else yield* removal(input, directory, name.slice('.wh.'.length));
  }
}

/** All names in what is new or forced, else those that were written. */
function writtenNames(
  { forced }: DiffInput,
  directory: ByteString,
  uppers: readonly DiskPath[],
  existed: boolean,
  present: ReadonlySet<ByteString>,
): ByteString[] {
  if (!existed || forced.some((path) => isAtOrBelow(directory, path))) return [...present];
  const names = new Set(uppers.flatMap((upper) => namesIn(below(upper, directory))));
  // On the way to a forced path nothing need have been written.
  for (const path of forced)
    if (directory === '' || path.startsWith(`${directory}/`)) names.add(nextPart(path, directory));
  return [...names].filter((name) => present.has(name));
}

function* entryChanges(
  input: DiffInput,
  path: ByteString,
  uppers: readonly DiskPath[],
  existed: boolean,
): Generator<Change> {
  if (isVolatile(path)) return;
  const stats = lstat(below(input.merged, path));
  if (stats === undefined || stats.isSocket()) return;
  if (baseName(path).startsWith('.wh.')) throw reservedName(path);
  const old = existed ? lstat(below(input.lower, path)) : undefined;
  const forced = input.forced.some((root) => isAtOrBelow(path, root));
  if (forced || old === undefined || !isEqual(input, path, stats, old))
    yield { kind: 'present', path, facts: factsOf(stats) };
  else if (isExecutable(stats)) yield { kind: 'suspect', path, facts: factsOf(stats) };
  if (!stats.isDirectory()) return;
  const inside = uppers.filter((upper) => lstat(below(upper, path))?.isDirectory());
  yield* directoryChanges(input, path, inside, old?.isDirectory() ?? false);
}

function* removal(input: DiffInput, directory: ByteString, name: ByteString): Generator<Change> {
  const path = directory === '' ? name : `${directory}/${name}`;
  if (isVolatile(path) && lstat(below(input.base, path)) === undefined) return;
  yield { kind: 'removed', path: directory === '' ? `.wh.${name}` : `${directory}/.wh.${name}` };
}

function isEqual(input: DiffInput, path: ByteString, stats: Stats, old: Stats): boolean {
  if (stats.mode !== old.mode) return false;
  if (!input.owned(path) && (stats.uid !== old.uid || stats.gid !== old.gid)) return false;
  if (stats.isDirectory()) return true;
  if (stats.isSymbolicLink())
    return linkTarget(below(input.merged, path)) === linkTarget(below(input.lower, path));
  if (!stats.isFile()) return stats.rdev === old.rdev;
  return (
    stats.size === old.size && sameContent(below(input.merged, path), below(input.lower, path))
  );
}

function sameContent(a: DiskPath, b: DiskPath): boolean {
  const others = contentOf(b);
  try {
    for (const piece of contentOf(a)) {
      const other = others.next();
      if (other.done === true || !piece.equals(other.value)) return false;
    }
    return true;
  } finally {
    others.return(undefined);
  }
}

export const isAtOrBelow = (path: ByteString, root: ByteString): boolean =>
  path === root || path.startsWith(`${root}/`);

const nextPart = (path: ByteString, directory: ByteString): ByteString =>
  path.slice(directory === '' ? 0 : directory.length + 1).split('/')[0] ?? '';

const reservedName = (path: ByteString): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `The build left a file named ${JSON.stringify(path)}, which removes another file in an image`,
    hint: 'Name no file of the image .wh.*, and remove it at the end of the phase that makes it.',
  });
