import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, type ByteString, readFileBytes, UserError, walk } from '@nx-nixpack/base';
import { diskTree } from './disk-tree.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'disk-tree-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return error instanceof UserError ? error.code : String(error);
  }
  return undefined;
};

describe('diskTree', () => {
  it('walks names in byte order, a directory before its contents', () => {
    mkdirSync(join(root, 'a/z'), { recursive: true });
    for (const name of ['B', 'a/z/1', 'a.txt', 'b']) writeFileSync(join(root, name), name);
    expect([...walk(diskTree(root))].map(({ path }) => path)).toEqual([
      'B',
      'a',
      'a/z',
      'a/z/1',
      'a.txt',
      'b',
    ]);
  });

  it('keeps names that are not UTF-8 byte for byte', () => {
    writeFileSync(Buffer.from(`${root}/x\xff\n`, 'latin1'), 'content');
    const tree = diskTree(root);
    expect([...tree.list(bytes``)].map(({ path }) => path)).toEqual(['x\xff\n']);
    expect(readFileBytes(tree, 'x\xff\n' as ByteString).toString()).toBe('content');
  });

  it('tells mode, size and link target, and never follows a link', () => {
    writeFileSync(join(root, 'run'), 'abc');
    chmodSync(join(root, 'run'), 0o755);
    mkdirSync(join(root, 'real'));
    writeFileSync(join(root, 'real/file'), '');
    symlinkSync('real', join(root, 'link'));
    const tree = diskTree(root);
    expect(tree.entry(bytes`run`)).toMatchObject({ type: 'file', mode: 0o755, size: 3 });
    expect(tree.entry(bytes`link`)).toMatchObject({ type: 'symlink', target: 'real', size: 0 });
    expect(tree.entry(bytes`link/file`)).toBeUndefined();
    expect([...tree.list(bytes`link`)]).toEqual([]);
    expect(tree.entry(bytes`run/x`)).toBeUndefined();
    expect(tree.entry(bytes`real/file`)?.type).toBe('file');
    expect(tree.entry(bytes``)?.type).toBe('directory');
  });

  it('lists a FIFO without opening it', () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const tree = diskTree(root);
    expect(tree.entry(bytes`pipe`)?.type).toBe('fifo');
    expect(() => tree.open(bytes`pipe`)).toThrow('not a regular file');
  });

  it.each([
    ['grows', (path: string) => appendFileSync(path, 'more')],
    [
      'is rewritten with the old time',
      (path: string) => {
        writeFileSync(path, 'XXXXXXX');
        utimesSync(path, 1, 1);
      },
    ],
    ['goes away', (path: string) => rmSync(path)],
    [
      'becomes a link',
      (path: string) => {
        rmSync(path);
        symlinkSync('/etc/hostname', path);
      },
    ],
    [
      'becomes a FIFO',
      (path: string) => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
    ],
  ])('notices a file that %s after it was listed', (_, change) => {
    const path = join(root, 'file');
    writeFileSync(path, 'content');
    utimesSync(path, 1, 1);
    const tree = diskTree(root);
    tree.entry(bytes`file`);
    change(path);
    expect(codeOf(() => readFileBytes(tree, bytes`file`))).toBe('SOURCE_CHANGED');
  });

  it('notices a file that changes while it is read', () => {
    writeFileSync(join(root, 'file'), Buffer.alloc(3_000_000));
    const chunks = diskTree(root)
      .open(bytes`file`)
      [Symbol.iterator]();
    chunks.next();
    appendFileSync(join(root, 'file'), 'more');
    expect(
      codeOf(() => {
        while (chunks.next().done !== true);
      }),
    ).toBe('SOURCE_CHANGED');
  });

  it('reads a file in pieces and walks a deep tree without recursion', () => {
    writeFileSync(join(root, 'large'), Buffer.alloc(2_500_000, 7));
    const deep = 'd/'.repeat(1500);
    mkdirSync(join(root, deep), { recursive: true });
    const tree = diskTree(root);
    expect(readFileBytes(tree, bytes`large`).equals(Buffer.alloc(2_500_000, 7))).toBe(true);
    expect([...walk(tree)]).toHaveLength(1501);
    expect(tree.entry(deep.slice(0, -1) as ByteString)?.type).toBe('directory');
  });

  it('says which directory is missing', () => {
    expect(codeOf(() => diskTree(join(root, 'nothing')))).toBe('SOURCE_MISSING');
  });
});
