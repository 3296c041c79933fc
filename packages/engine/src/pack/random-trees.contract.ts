import { type ByteString, walk } from '@nx-nixpack/base';
import fc from 'fast-check';
import { MemoryRoot } from '../engines/memory-root.contract.js';

/** One thing that is done to a tree. */
export type Edit =
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly mode: number }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'link'; readonly path: string; readonly existing: string }
  | { readonly kind: 'remove'; readonly path: string };

/** Few names, so that edits meet: the same name as file, directory and link, volatile places, names that sort oddly. */
const name = fc.constantFrom('a', 'b', 'a.b', '\xe9');
const path = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(name, { minLength: 1, maxLength: 3 }).map((all) => all.join('/')),
  },
  { weight: 1, arbitrary: name.map((one) => `tmp/${one}`) },
  { weight: 1, arbitrary: name.map((one) => `app/${one}`) },
  { weight: 1, arbitrary: fc.constant('var/log/dpkg.log') },
);
const file = fc.record({
  kind: fc.constant('file' as const),
  path,
  text: fc.constantFrom('', 'one', 'two', 'x'.repeat(3000)),
  mode: fc.constantFrom(0o644, 0o755, 0o4755),
});
const directory = fc.record({
  kind: fc.constant('directory' as const),
  path,
  mode: fc.constantFrom(0o755, 0o1777),
});
const symlink = fc.record({
  kind: fc.constant('symlink' as const),
  path,
  target: fc.constantFrom('a', '/b', '../a'),
});
const link = fc.record({ kind: fc.constant('link' as const), path, existing: path });
const remove = fc.record({ kind: fc.constant('remove' as const), path });

export const change: fc.Arbitrary<Edit> = fc.oneof(file, directory, symlink, link, remove);

/** Does what can be done: the way to a path may be no directory, a link may name nothing. */
export function changed(before: MemoryRoot, edits: readonly Edit[]): MemoryRoot {
  const after = MemoryRoot.of(before);
  for (const edit of edits) if (isOnTheWay(after, edit.path)) carryOut(after, edit);
  return after;
}

export const tree: fc.Arbitrary<MemoryRoot> = fc
  .array(change, { maxLength: 12 })
  .map((edits) => changed(new MemoryRoot(), edits));

function carryOut(root: MemoryRoot, edit: Edit): void {
  const there = root.node(edit.path as ByteString);
  if (edit.kind === 'file') root.write(edit.path as ByteString, edit.text, edit.mode);
  else if (edit.kind === 'directory') root.directory(edit.path as ByteString, edit.mode);
  else if (edit.kind === 'symlink')
    root.symlink(edit.path as ByteString, edit.target as ByteString);
  else if (edit.kind === 'remove') root.remove(edit.path as ByteString);
  else if (there === undefined && isFile(root, edit.existing))
    root.link(edit.path as ByteString, edit.existing as ByteString);
}

const isFile = (root: MemoryRoot, path: string): boolean =>
  isOnTheWay(root, path) && root.node(path as ByteString)?.type === 'file';

/** Whether all parts before the last are directories or nothing. */
function isOnTheWay(root: MemoryRoot, path: string): boolean {
  const parts = path.split('/').slice(0, -1);
  return parts.every((_, at) => {
    const node = root.node(parts.slice(0, at + 1).join('/') as ByteString);
    return node === undefined || node.type === 'directory';
  });
}

/** What layers tell of a tree, but for what is in none. */
export function appearanceOf(root: MemoryRoot): unknown[] {
  const isKept = (at: string): boolean => !/^(tmp\/|var\/log\/dpkg\.log$)/.test(at);
  return [...walk(root)]
    .filter((entry) => isKept(entry.path))
    .map(({ path: at, type, mode, target }) => {
      const isData = type === 'file' || type === 'hardlink';
      const shown = type === 'hardlink' ? root.node(at)?.mode : mode;
      const content = isData ? Buffer.concat([...root.open(at)]).toString() : target;
      return [at, isData ? 'file' : type, shown, content];
    });
}
