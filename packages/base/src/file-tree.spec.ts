import { type ByteString, bytes } from './byte-string.js';
import { type Entry, type FileTree, readFileBytes, walk } from './file-tree.js';

const entry = (path: string, type: Entry['type'] = 'file'): Entry => ({
  path: path as ByteString,
  type,
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
});

const children: Record<string, Entry[]> = {
  '': [entry('a', 'directory'), entry('a-b'), entry('z')],
  a: [entry('a/x'), entry('a/y', 'directory')],
};
const tree: FileTree = {
  list: (directory) => children[directory] ?? [],
  entry: () => undefined,
  open: () => [Buffer.from('ab'), Buffer.from('cd')],
};

describe('walk', () => {
  it('goes depth first, a directory before its contents', () => {
    expect([...walk(tree)].map(({ path }) => path)).toEqual(['a', 'a/x', 'a/y', 'a-b', 'z']);
  });

  it('begins where it is told', () => {
    expect([...walk(tree, bytes`a`)].map(({ path }) => path)).toEqual(['a/x', 'a/y']);
  });
});

describe('readFileBytes', () => {
  it('joins the pieces and refuses more than the limit', () => {
    expect(readFileBytes(tree, bytes`z`).toString()).toBe('abcd');
    expect(() => readFileBytes(tree, bytes`z`, 3)).toThrow(RangeError);
  });
});
