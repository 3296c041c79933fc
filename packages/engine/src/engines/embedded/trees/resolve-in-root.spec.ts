import { type ByteString, bytes } from '@nx-nixpack/base';
import { diskPath } from './disk.js';
import { temporaryTree } from './disk-tree-fixture.contract.js';
import { resolveInRoot } from './resolve-in-root.js';

const tree = temporaryTree({
  'usr/bin/sh': '',
  bin: '->usr/bin',
  absolute: '->/usr/bin',
  escape: '->../../../../etc',
  'etc/passwd': '',
  chain: '->absolute/../../etc',
  cycle: '->cycle',
});
afterAll(tree.remove);

describe('resolveInRoot', () => {
  it.each([
    ['bin/sh', 'usr/bin/sh'],
    ['/absolute/sh', 'usr/bin/sh'],
    ['escape/passwd', 'etc/passwd'],
    ['chain/passwd', 'etc/passwd'],
    ['../../usr/./bin', 'usr/bin'],
    ['bin/absent/file', 'usr/bin/absent/file'],
    ['', ''],
  ])('finds %s at %s', (path, place) => {
    expect(resolveInRoot(diskPath(tree.root), path as ByteString)).toBe(place);
  });

  it('gives up on a cycle', () => {
    expect(() => resolveInRoot(diskPath(tree.root), bytes`cycle/x`)).toThrow('too many links');
  });
});
