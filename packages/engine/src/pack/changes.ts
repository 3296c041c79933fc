import {
  baseName,
  bytes,
  type ByteString,
  compareBytes,
  type Entry,
  type FileTree,
  isWithin,
  joinPath,
  UserError,
} from '@nx-nixpack/base';
import { isEqual } from './equal.js';
import type { Owners } from './owners.js';
import { fileAt, type PackTree } from './pack-tree.js';
import { isVolatile } from './volatile.js';

export interface ChangesInput {
  /** The tree without and the tree with the changes. */
  readonly before: PackTree;
  readonly after: PackTree;
  /** The root of the base image: what is volatile and not there was never in a layer. */
  readonly base: FileTree;
  /** Trees that hold every name that was written; absent when nobody knows, and all names are looked at. */
  readonly written?: readonly PackTree[] | undefined;
  /** Ids that are rewritten anyway do not count as a change. */
  readonly owners: Owners;
  /** Paths whose whole content is a change. */
  readonly forced: readonly ByteString[];
}

export type Change =
  | { readonly kind: 'removed'; readonly path: ByteString }
  | { readonly kind: 'present'; readonly entry: Entry }
  /** An executable that is equal in all that a tree tells cheaply: its capabilities may differ. */
  | { readonly kind: 'suspect'; readonly entry: Entry };

export const isExecutable = ({ type, mode }: Entry): boolean =>
  type === 'file' && (mode & 0o111) !== 0;

/**
 * What changed, in the order of a layer. Names that were there and no longer are were removed; what is there and equal
 * to what was is not a change, whoever wrote it again.
 */
export function* changesOf(input: ChangesInput): Generator<Change> {
  yield* directoryChanges(input, bytes``, input.written, true);
}

function* directoryChanges(
  input: ChangesInput,
  directory: ByteString,
  written: ChangesInput['written'],
  existed: boolean,
): Generator<Change> {
  const present = new Set(input.after.names(directory));
  const before = existed ? input.before.names(directory) : [];
  const looked = namesToLookAt(input, directory, written, existed, present);
  const removed = before.filter((name) => !present.has(name)).map((name) => bytes`.wh.${name}`);
  for (const name of [...looked, ...removed].sort(compareBytes))
    if (present.has(name)) yield* entryChanges(input, joinPath(directory, name), written, existed);
    else yield* removal(input, directory, name.slice('.wh.'.length));
}

/** All names in what is new or forced, else those that were written. */
function namesToLookAt(
  { forced }: ChangesInput,
  directory: ByteString,
  written: ChangesInput['written'],
  existed: boolean,
  present: ReadonlySet<ByteString>,
): ByteString[] {
  const isForced = forced.some((path) => isWithin(directory, path));
  if (!existed || isForced || written === undefined) return [...present];
  const names = new Set(written.flatMap((tree) => tree.names(directory)));
  // On the way to a forced path nothing need have been written.
  for (const path of forced)
    if (directory === '' || path.startsWith(`${directory}/`)) names.add(nextPart(path, directory));
  return [...names].filter((name) => present.has(name));
}

function* entryChanges(
  input: ChangesInput,
  path: ByteString,
  written: ChangesInput['written'],
  existed: boolean,
): Generator<Change> {
  if (isVolatile(path)) return;
  const entry = input.after.entry(path);
  if (entry === undefined || entry.type === 'socket') return;
  if (baseName(path).startsWith('.wh.')) throw reservedName(path);
  const old = existed ? input.before.entry(path) : undefined;
  const forced = input.forced.some((root) => isWithin(path, root));
  if (forced || old === undefined || !isEqual(input, entry, old)) yield { kind: 'present', entry };
  else if (isExecutable(fileAt(input.after, entry))) yield { kind: 'suspect', entry };
  if (entry.type !== 'directory') return;
  const inside = written?.filter((tree) => tree.entry(path)?.type === 'directory');
  yield* directoryChanges(input, path, inside, old?.type === 'directory');
}

function* removal(input: ChangesInput, directory: ByteString, name: ByteString): Generator<Change> {
  const path = joinPath(directory, name);
  if (isVolatile(path) && input.base.entry(path) === undefined) return;
  yield { kind: 'removed', path: joinPath(directory, bytes`.wh.${name}`) };
}

const nextPart = (path: ByteString, directory: ByteString): ByteString =>
  path.slice(directory === '' ? 0 : directory.length + 1).split('/')[0] ?? bytes``;

const reservedName = (path: ByteString): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `The build left a file named ${JSON.stringify(path)}, which removes another file in an image`,
    hint: 'Name no file of the image .wh.*, and remove it at the end of the phase that makes it.',
  });
