import { linkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytes } from '@nx-nixpack/base';
import type { Capabilities } from '../../../pack/pack-tree.js';
import { diskPath } from '../trees/disk.js';
import { temporaryTree } from '../trees/disk-tree-fixture.contract.js';
import { digestOfSelection, select } from './selection.js';

const tree = temporaryTree({
  'app/main.js': 'main',
  'app/node_modules/x/i': 'x',
  'app/node_modules/x/node_modules/y/i': 'y',
  'app/libs/l/node_modules/z': 'z',
  'app/libs/l/src': 's',
  link: '->app',
  'secret/outside': 'o',
});
const root = diskPath(tree.root);
afterAll(tree.remove);

const paths = (named: string[], except?: string[]) =>
  [...select(root, named, except)].map(({ path }) => path);

describe('select', () => {
  it('takes a path with all below it, and skips what is not there', () => {
    expect(paths(['app/libs', 'absent'])).toEqual([
      'app/libs',
      'app/libs/l',
      'app/libs/l/node_modules',
      'app/libs/l/node_modules/z',
      'app/libs/l/src',
    ]);
  });

  it('finds topmost directories of a name at any depth', () => {
    const found = paths(['app/**/node_modules']);
    expect(found.filter((path) => path.endsWith('node_modules'))).toEqual([
      'app/libs/l/node_modules',
      'app/node_modules',
      'app/node_modules/x/node_modules',
    ]);
    expect(found).not.toContain('app/main.js');
  });

  it('leaves out directories of a name and single paths', () => {
    expect(paths(['app'], ['**/node_modules', 'app/main.js'])).toEqual([
      'app',
      'app/libs',
      'app/libs/l',
      'app/libs/l/src',
    ]);
  });

  it('takes a link as a link and looks through one on the way', () => {
    expect(paths(['link'])).toEqual(['link']);
    expect([...select(root, ['link/main.js'])]).toMatchObject([
      { path: 'link/main.js', from: 'app/main.js' },
    ]);
  });
});

describe('digestOfSelection', () => {
  const none: Capabilities = new Map();
  const digest = (...named: string[]) => digestOfSelection(root, select(root, named), none);
  const made: { remove(): void }[] = [];
  const treeOf = (files: Parameters<typeof temporaryTree>[0]): string => {
    const other = temporaryTree(files);
    made.push(other);
    return other.root;
  };
  const all = (place: string, capabilities = none) =>
    digestOfSelection(diskPath(place), select(diskPath(place), ['.']), capabilities);
  afterAll(() => made.forEach((other) => other.remove()));

  it('depends on names and contents, and on nothing else', () => {
    const copy = diskPath(treeOf({ 'app/main.js': 'main' }));
    const edited = diskPath(treeOf({ 'app/main.js': 'edit' }));
    const of = (other: typeof copy) =>
      digestOfSelection(other, select(other, ['app/main.js']), none);
    expect(of(copy)).toBe(digest('app/main.js'));
    expect(of(edited)).not.toBe(digest('app/main.js'));
    expect(digest('link')).not.toBe(digest('app'));
  });

  it('tells where the target of a link ends and the next name begins', () => {
    expect(all(treeOf({ a: '->x', bc: '' }))).not.toBe(all(treeOf({ a: '->xb', c: '' })));
  });

  it('tells one file with two names from two files', () => {
    const one = treeOf({ a: 'content' });
    linkSync(join(one, 'a'), join(one, 'b'));
    expect(all(one)).not.toBe(all(treeOf({ a: 'content', b: 'content' })));
  });

  it('tells which names are one file', () => {
    const [left, right] = [treeOf({ a: '', b: '' }), treeOf({ a: '', b: '' })];
    linkSync(join(left, 'a'), join(left, 'c'));
    linkSync(join(right, 'b'), join(right, 'c'));
    expect(all(left)).not.toBe(all(right));
  });

  it('does not depend on names that are not read', () => {
    const one = diskPath(treeOf({ a: 'content' }));
    const before = digestOfSelection(one, select(one, ['a']), none);
    linkSync(join(one, 'a'), join(one, 'b'));
    writeFileSync(join(one, 'c'), 'other');
    expect(digestOfSelection(one, select(one, ['a']), none)).toBe(before);
  });

  it('depends on capabilities', () => {
    const place = treeOf({ a: 'content' });
    const [raw, bind] = [1, 2].map((byte) => new Map([[bytes`a`, Buffer.from([byte])]]));
    expect(new Set([all(place), all(place, raw), all(place, bind)]).size).toBe(3);
  });
});
