import { bytes, type ByteString, compareBytes } from './byte-string.js';
import { readFileBytes, walk } from './file-tree.js';
import { memoryTree } from './memory-tree.js';

const tree = memoryTree({
  '/b/run': { executable: '#!' },
  'b/é': 'text',
  a: { link: 'b' },
  'empty/': '',
  'b/c': new Uint8Array([255]),
});

describe('memoryTree', () => {
  it('has the directories above what it is given, in the order of bytes', () => {
    expect([...walk(tree)].map(({ path, type, mode }) => [path, type, mode])).toEqual([
      ['a', 'symlink', 0o777],
      ['b', 'directory', 0o755],
      ['b/c', 'file', 0o644],
      ['b/run', 'file', 0o755],
      ['b/Ã©', 'file', 0o644],
      ['empty', 'directory', 0o755],
    ]);
    expect([tree.entry(bytes``)?.type, tree.entry(bytes`a`)?.target, tree.entry(bytes`x`)]).toEqual(
      ['directory', 'b', undefined],
    );
  });

  it('opens files, and nothing else', () => {
    expect([...readFileBytes(tree, bytes`b/c`)]).toEqual([255]);
    expect(String(readFileBytes(tree, 'b/Ã©' as ByteString))).toBe('text');
    for (const path of ['a', 'b', 'x'])
      expect(() => tree.open(path as ByteString)).toThrow('not a file');
  });

  it('lists in another order when it is told to', () => {
    const backwards = memoryTree({ a: '', b: '' }, (one, other) => compareBytes(other, one));
    expect([...backwards.list(bytes``)].map(({ path }) => path)).toEqual(['b', 'a']);
  });
});
