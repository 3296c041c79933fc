import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, readFileBytes } from '@nx-nixpack/base';
import { diskTree } from '../system/disk-tree.js';
import { ObservedTree } from './observed-tree.js';

describe('ObservedTree', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'observed-tree-'));
    mkdirSync(join(root, 'libs/a'), { recursive: true });
    writeFileSync(join(root, 'package.json'), '{"version":1}');
    writeFileSync(join(root, 'other.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('gives what a file is now when only its name was asked for before', () => {
    const tree = new ObservedTree(diskTree(root));
    expect([...tree.list(bytes``)].length).toBeGreaterThan(0);
    writeFileSync(join(root, 'other.json'), '{"longer":1}');
    expect(tree.movesTo(diskTree(root))).toBe(true);
    expect(readFileBytes(tree, bytes`other.json`).toString()).toBe('{"longer":1}');
  });

  /** Asks for some things, lets something happen, and tells whether the answers hold. */
  function holdsAfter(change: (path: (name: string) => string) => void): boolean {
    const tree = new ObservedTree(diskTree(root));
    readFileBytes(tree, bytes`package.json`);
    tree.entry(bytes`absent`);
    tree.entry(bytes`libs`);
    expect([...tree.list(bytes`libs`)].map(({ path }) => path)).toEqual(['libs/a']);
    change((name) => join(root, name));
    return tree.movesTo(diskTree(root));
  }

  it('agrees while nothing changes that was asked for', () => {
    expect(holdsAfter(() => {})).toBe(true);
    expect(holdsAfter((path) => writeFileSync(path('other.json'), '[1]'))).toBe(true);
    expect(holdsAfter((path) => writeFileSync(path('libs/a/new'), ''))).toBe(true);
  });

  it.each<[string, (path: (name: string) => string) => void]>([
    [
      'an edit that keeps size and times',
      (path) => {
        writeFileSync(path('package.json'), '{"version":2}');
        utimesSync(path('package.json'), 1, 1);
      },
    ],
    ['a file that vanishes', (path) => rmSync(path('package.json'))],
    ['a file that appears', (path) => writeFileSync(path('absent'), '')],
    ['a directory that appears in a listing', (path) => mkdirSync(path('libs/b'))],
    ['a directory that vanishes from a listing', (path) => renameSync(path('libs/a'), path('a'))],
    [
      'a directory that becomes a link',
      (path) => {
        renameSync(path('libs'), path('elsewhere'));
        symlinkSync('elsewhere', path('libs'));
      },
    ],
  ])('notices %s', (_what, change) => {
    expect(holdsAfter(change)).toBe(false);
  });
});
