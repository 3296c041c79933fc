import { bytes, type ByteString } from './byte-string.js';
import { followLinks, resolveEntry, type Terrain } from './links.js';
import type { Entry, FileTree } from './file-tree.js';

const LINKS: Readonly<Record<string, string>> = {
  bin: 'usr/bin',
  'app/up': '../../../usr/./bin/',
  'app/absolute': '/bin//sh',
  'app/out': '../..',
  'loop/a': 'b',
  'loop/b': 'a',
  'loop/self': 'self/deeper',
  empty: '',
  gone: 'nowhere',
};
const DIRECTORIES = ['app', 'loop', 'usr', 'usr/bin'];
const FILES = ['usr/bin/sh', 'app/file'];

const entryAt = (path: ByteString): Entry | undefined => {
  const rest = { path, mode: 0o644, uid: 0, gid: 0, size: 0 };
  const target = LINKS[path];
  if (target !== undefined) return { ...rest, type: 'symlink', target: target as ByteString };
  if (DIRECTORIES.includes(path)) return { ...rest, type: 'directory' };
  return FILES.includes(path) ? { ...rest, type: 'file' } : undefined;
};
const tree: FileTree = { list: () => [], entry: entryAt, open: () => [] };

const found = (root: Terrain['root'], path: string, from = ''): string | undefined =>
  resolveEntry(tree, path as ByteString, { root, from: from as ByteString })?.path;

describe('resolveEntry', () => {
  it.each([
    ['bin/sh', 'usr/bin/sh'],
    ['./bin//sh', 'usr/bin/sh'],
    ['app/../bin', 'usr/bin'],
    ['app/file', 'app/file'],
    ['app/file/.', 'app/file'],
    ['app/file/..', undefined],
    ['app/file/x', undefined],
    ['app/none', undefined],
    ['gone', undefined],
    ['loop/a', undefined],
    ['loop/self', undefined],
    ['empty', undefined],
    ['', ''],
  ])('leads from %j to %j, whatever the root is', (path, place) => {
    expect([found('own', path), found('none', path)]).toEqual([place, place]);
  });

  it.each([
    ['/bin', 'usr/bin'],
    ['app/absolute', 'usr/bin/sh'],
    ['app/up/sh', 'usr/bin/sh'],
    ['app/out', ''],
    ['..', ''],
  ])('leads from %j to %j below a root, and out of a source', (path, place) => {
    expect([found('own', path), found('none', path)]).toEqual([place, undefined]);
  });

  it('begins at a directory', () => {
    expect(found('none', '../bin/sh', 'app')).toBe('usr/bin/sh');
    expect(found('none', '../..', 'app')).toBeUndefined();
    expect(found('own', '/app/file', 'usr')).toBe('app/file');
  });
});

it('follows links through what does not exist yet, where that is passable', () => {
  const look = (path: ByteString) =>
    path === 'lib' ? { target: bytes`usr/lib` } : ('passable' as const);
  expect(followLinks({ root: 'own', look }, bytes`lib/new/../file`)).toBe('usr/lib/file');
});
