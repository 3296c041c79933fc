import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, type ByteString, type Entry, readFileBytes, walk } from '@nx-nixpack/base';
import type { Layer } from '../image.js';
import { memoryLayer } from '../layer/memory-layer.contract.js';
import { paddingOf } from '../tar/tar-format.js';
import { encodeHeader, TAR_END } from '../tar/tar-writer.js';
import { type ImageTree, openImageTree } from './image-tree.js';

type Odd = Partial<Entry> & { readonly content?: string };

let scratch: string;
const open: ImageTree[] = [];
beforeEach(() => void (scratch = mkdtempSync(join(tmpdir(), 'tree-'))));
afterEach(() => {
  open.splice(0).forEach((tree) => tree.close());
  expect(readdirSync(scratch)).toEqual([]);
  rmSync(scratch, { recursive: true });
});

function layerOf(entries: readonly Odd[]): Layer {
  const parts = entries.map(({ content = '', ...odd }) => {
    const size = content.length;
    const entry: Entry = { path: bytes``, type: 'file', mode: 0o644, uid: 1, gid: 2, size, ...odd };
    return [encodeHeader(entry, 0), Buffer.from(content), Buffer.alloc(paddingOf(size))];
  });
  return memoryLayer(Buffer.concat([...parts.flat(), TAR_END]));
}

async function treeOf(...layers: readonly Layer[]): Promise<ImageTree> {
  const tree = await openImageTree(layers, scratch);
  open.push(tree);
  return tree;
}

const dir = (path: string): Odd => ({ path: path as ByteString, type: 'directory', mode: 0o755 });
const file = (path: string, content = path): Odd => ({ path: path as ByteString, content });
const link = (path: string, target: string): Odd => ({
  path: path as ByteString,
  type: 'symlink',
  target: target as ByteString,
});
const hard = (path: string, target: string): Odd => ({
  path: path as ByteString,
  type: 'hardlink',
  target: target as ByteString,
});
const paths = (tree: ImageTree) => [...walk(tree)].map(({ path }) => path);
const text = (tree: ImageTree, path: string) => readFileBytes(tree, path as ByteString).toString();

describe('openImageTree', () => {
  it('merges layers and knows where each entry comes from', async () => {
    const [one, two] = [
      layerOf([dir('d'), file('d/a'), file('d/b')]),
      layerOf([file('d/b', 'new'), file('c')]),
    ];
    const tree = await treeOf(one, two);
    expect(paths(tree)).toEqual(['c', 'd', 'd/a', 'd/b']);
    expect(text(tree, 'd/b')).toBe('new');
    expect(['d', 'd/a', 'd/b', 'x'].map((path) => tree.layerOf(path as ByteString))).toEqual([
      one.digest,
      one.digest,
      two.digest,
      undefined,
    ]);
    expect(tree.entry(bytes`d/b`)).toEqual({
      path: 'd/b',
      type: 'file',
      mode: 0o644,
      uid: 1,
      gid: 2,
      size: 3,
    });
    expect([tree.entry(bytes`x`), [...tree.list(bytes`x`)], [...tree.list(bytes`c`)]]).toEqual([
      undefined,
      [],
      [],
    ]);
  });

  it('lists names by their bytes', async () => {
    const names = ['\xe9', 'a.b', 'a/\x01', 'a-b', 'Z'];
    const tree = await treeOf(layerOf(names.map((name) => file(name, ''))));
    expect(paths(tree)).toEqual(['Z', 'a', 'a/\x01', 'a-b', 'a.b', '\xe9']);
  });

  it('applies whiteouts to the layers below only', async () => {
    const lower = layerOf([
      dir('a'),
      file('a/old'),
      file('a/sub/old'),
      dir('b'),
      file('b/old'),
      file('c'),
    ]);
    const upper = layerOf([
      file('a/new'),
      file('a/sub/new'),
      file('a/.wh..wh..opq'),
      file('b/new'),
      file('.wh.b'),
      file('.wh.c'),
    ]);
    expect(paths(await treeOf(lower, upper))).toEqual([
      'a',
      'a/new',
      'a/sub',
      'a/sub/new',
      'b',
      'b/new',
    ]);
    expect(
      paths(
        await treeOf(
          lower,
          upper,
          layerOf([file('.wh.a'), file('.wh.none'), file('.wh..wh.aufs')]),
        ),
      ),
    ).toEqual(['b', 'b/new']);
  });

  it('replaces what changes its type', async () => {
    const tree = await treeOf(
      layerOf([dir('d'), file('d/x'), file('f'), link('l', 'd')]),
      layerOf([file('d', 'file'), dir('f'), file('f/in'), dir('l')]),
    );
    expect([...walk(tree)].map(({ path, type }) => `${path} ${type}`)).toEqual([
      'd file',
      'f directory',
      'f/in file',
      'l directory',
    ]);
  });

  it('resolves hard links, also to what is replaced or deleted later', async () => {
    const lower = layerOf([file('a', 'content'), hard('b', 'a'), link('s', 'a'), hard('t', 's')]);
    const tree = await treeOf(lower, layerOf([file('a', 'new')]), layerOf([file('.wh.a')]));
    expect([tree.entry(bytes`a`), tree.entry(bytes`b`)?.type, text(tree, 'b')]).toEqual([
      undefined,
      'file',
      'content',
    ]);
    expect(tree.entry(bytes`t`)).toMatchObject({ type: 'symlink', target: 'a' });
  });

  it('follows links in parents inside the root', async () => {
    const lower = layerOf([
      dir('usr/lib'),
      link('lib', 'usr/lib'),
      link('abs', '/usr/lib'),
      link('up', '../../usr'),
    ]);
    const tree = await treeOf(
      lower,
      layerOf([file('lib/one'), file('abs/two'), file('up/lib/three')]),
    );
    expect([...tree.list(bytes`usr/lib`)].map(({ path }) => path)).toEqual([
      'usr/lib/one',
      'usr/lib/three',
      'usr/lib/two',
    ]);
    expect(tree.entry(bytes`lib/one`)).toBeUndefined();
  });

  it('reads large files in pieces, and several at once', async () => {
    const large = 'x'.repeat(2_500_000);
    const tree = await treeOf(layerOf([file('large', large), file('small')]));
    const sizes: number[] = [];
    for (const chunk of tree.open(bytes`large`)) {
      sizes.push(chunk.byteLength);
      expect(text(tree, 'small')).toBe('small');
    }
    expect([sizes.length, sizes.reduce((sum, size) => sum + size, 0)]).toEqual([3, 2_500_000]);
    expect(() => [...tree.open(bytes`none`)]).toThrow('not a file');
  });

  it.each<[string, readonly Odd[]]>([
    ['a hard link to nothing', [hard('l', 'nothing')]],
    ['a hard link to a directory', [dir('d'), hard('l', 'd')]],
    ['a loop of links in a parent', [link('a', 'b'), link('b', 'a'), file('a/x')]],
    ['a file as a parent', [file('f'), file('f/x')]],
    ['a whiteout of nothing', [file('.wh.')]],
  ])('refuses %s', async (_what, entries) => {
    await expect(treeOf(layerOf(entries))).rejects.toMatchObject({ code: 'BASE_INVALID' });
  });
});
