import { type ByteString, bytes } from '@nx-nixpack/base';
import { MemoryRoot } from '../engines/memory-root.contract.js';
import { changesOf, type ChangesInput } from './changes.js';
import { Owners } from './owners.js';
import { packTree } from './pack-tree.js';

/** Contents by path; `->` begins the target of a symlink, `undefined` is an empty directory. */
type Files = Readonly<Record<string, string | undefined>>;

function place(files: Files): MemoryRoot {
  const root = new MemoryRoot();
  for (const [path, content] of Object.entries(files))
    if (content === undefined) root.directory(path as ByteString);
    else if (content.startsWith('->'))
      root.symlink(path as ByteString, content.slice(2) as ByteString);
    else root.write(path as ByteString, content);
  return root;
}

const NOBODY = new Owners({ uid: 0, gid: 0, paths: [] });

/** Paths that changed between two trees. `written`: a tree of the names that an engine knows to be written. */
function changes(
  lower: Files,
  merged: Files,
  written: Files | undefined,
  more: Partial<ChangesInput> = {},
): string[] {
  const [before, after] = [packTree(place(lower)), packTree(place(merged))];
  const input = {
    before,
    after,
    base: before,
    written: written && [packTree(place(written))],
    owners: NOBODY,
    forced: [],
  };
  return [...changesOf({ ...input, ...more })].flatMap((change) =>
    change.kind === 'suspect' ? [] : change.kind === 'removed' ? change.path : change.entry.path,
  );
}

describe('changesOf', () => {
  it('finds what is new and what is other, in the order of a layer', () => {
    const upper = {
      'a/new': 'n',
      'a/same': 's',
      'a/other': 'changed',
      b: 'file',
      'c.d': '1',
      'c/e': '2',
    };
    const lower = { 'a/same': 's', 'a/other': 'o', 'a/kept': 'k' };
    expect(changes(lower, { ...lower, ...upper }, upper)).toEqual([
      'a/new',
      'a/other',
      'b',
      'c',
      'c/e',
      'c.d',
    ]);
  });

  it('marks what is no longer visible below a directory that was written to', () => {
    const lower = { 'd/gone': 'g', 'd/kept': 'k', 'e/gone': 'g' };
    const merged = { 'd/kept': 'k', 'e/gone': 'g' };
    expect(changes(lower, merged, { d: undefined })).toEqual(['d/.wh.gone']);
  });

  it('says nothing of what a file took the place of', () => {
    expect(changes({ 'd/x': 'x' }, { d: 'file' }, { d: 'file' })).toEqual(['d']);
    expect(changes({ d: 'file' }, { 'd/x': 'x' }, { 'd/x': 'x' })).toEqual(['d', 'd/x']);
    expect(changes({ l: '->a' }, { l: '->b' }, { l: '->b' })).toEqual(['l']);
    expect(changes({ l: '->a' }, { l: '->a' }, { l: '->a' })).toEqual([]);
  });

  it('drops what is volatile, and its removal unless it is in the base', () => {
    const volatile = { 'var/lib/apt/lists/x': '1', 'var/log/dpkg.log': '2' };
    expect(
      changes({ 'var/lib/apt/lists': undefined, 'var/log': undefined }, volatile, volatile),
    ).toEqual([]);
    const kept = { 'var/log/a': 'a' };
    const upper = { 'var/log': undefined };
    expect(changes({ ...kept, 'var/log/dpkg.log': '2' }, kept, upper)).toEqual([
      'var/log/.wh.dpkg.log',
    ]);
    const base = place(kept);
    expect(changes({ ...kept, 'var/log/dpkg.log': '2' }, kept, upper, { base })).toEqual([]);
  });

  it('takes all of a path that is to be written again', () => {
    const lower = { 'srv/data/a': 'a', 'srv/other': 'o' };
    expect(changes(lower, lower, {}, { forced: [bytes`srv/data`] })).toEqual([
      'srv/data',
      'srv/data/a',
    ]);
  });

  it('refuses a file that would remove another one', () => {
    expect(() => changes({}, { '.wh.x': '' }, { '.wh.x': '' })).toThrow(
      expect.objectContaining({ code: 'SOURCE_UNSUPPORTED' }),
    );
  });
});
