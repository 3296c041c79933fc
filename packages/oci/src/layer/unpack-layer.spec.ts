import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, type ByteString, type Entry } from '@nx-nixpack/base';
import { BLOCK, paddingOf, type TarEntry } from '../tar/tar-format.js';
import { TarReader } from '../tar/tar-reader.js';
import { encodeHeader, TAR_END } from '../tar/tar-writer.js';
import { DiskTree } from './disk-tree.js';
import { memoryLayer } from './memory-layer.contract.js';
import type { SpecialFiles } from './special-files.js';
import { unpackLayer, type UnpackOptions } from './unpack-layer.js';

const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;
const asRoot = uid === 0 ? it : it.skip;
type Odd = Partial<Entry> & { readonly content?: string };

let top: string;
let root: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'unpack-'));
  root = join(top, 'root');
  mkdirSync(root);
  mkdirSync(join(top, 'outside'));
  writeFileSync(join(top, 'outside/canary'), 'alive');
});
afterEach(() => {
  // Whatever a layer held, nothing outside of the root has changed.
  expect(readdirSync(top).sort()).toEqual(['outside', 'root']);
  expect(readdirSync(join(top, 'outside'))).toEqual(['canary']);
  const canary = join(top, 'outside/canary');
  expect([readFileSync(canary, 'utf8'), statSync(canary).nlink]).toEqual(['alive', 1]);
  rmSync(top, { recursive: true });
});

function tarOf(entries: readonly Odd[]): Buffer {
  const parts = entries.map(({ content = '', ...odd }) => {
    const size = content.length;
    const entry: Entry = { path: bytes``, type: 'file', mode: 0o644, uid, gid, size, ...odd };
    return [encodeHeader(entry, 1000), Buffer.from(content), Buffer.alloc(paddingOf(size))];
  });
  return Buffer.concat([...parts.flat(), TAR_END]);
}

const unpack = (entries: readonly Odd[], options?: UnpackOptions) =>
  unpackLayer(memoryLayer(tarOf(entries)), root, options);
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
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const names = (path = '') => readdirSync(join(root, path)).sort();

describe('unpackLayer', () => {
  it('makes files, directories, links and hard links with modes and times', async () => {
    await unpack([
      { ...dir(''), mode: 0o711 },
      { ...dir('bin'), mode: 0o1777 },
      { ...file('bin/su', 'x'.repeat(2000)), mode: 0o4755 },
      hard('bin/sudo', 'bin/su'),
      link('sbin', 'bin'),
      file('empty', ''),
    ]);
    expect(text('bin/sudo')).toBe('x'.repeat(2000));
    expect(statSync(join(root, 'bin/su')).nlink).toBe(2);
    expect(statSync(join(root, 'bin/su')).mode & 0o7777).toBe(0o4755);
    expect(statSync(join(root, 'bin')).mode & 0o7777).toBe(0o1777);
    expect(statSync(root).mode & 0o7777).toBe(0o711);
    expect(readlinkSync(join(root, 'sbin'))).toBe('bin');
    for (const name of ['', 'bin', 'bin/su', 'sbin', 'empty'])
      expect([name, lstatSync(join(root, name)).mtimeMs]).toEqual([name, 1_000_000]);
  });

  it('keeps names byte by byte', async () => {
    await unpack([{ path: 'caf\xe9/\xff' as ByteString, content: 'x' }]);
    expect(readdirSync(root, { encoding: 'latin1' })).toEqual(['caf\xe9']);
    expect(readdirSync(Buffer.from(`${root}/caf\xe9`, 'latin1'), { encoding: 'latin1' })).toEqual([
      '\xff',
    ]);
  });

  it('puts a layer over the layers below it', async () => {
    await unpack([
      dir('d'),
      file('d/kept'),
      file('d/gone'),
      file('f'),
      dir('g'),
      file('g/x'),
      link('l', 'd'),
    ]);
    await unpack([
      file('d/.wh.gone'),
      dir('f'),
      file('f/now'),
      file('g', 'file'),
      { ...dir('l') },
      file('l/in'),
    ]);
    expect(names('d')).toEqual(['kept']);
    expect(text('f/now')).toBe('f/now');
    expect(text('g')).toBe('file');
    expect(lstatSync(join(root, 'l')).isDirectory()).toBe(true);
  });

  it('lets whiteouts remove what is below only, wherever they stand in the layer', async () => {
    await unpack([
      dir('a'),
      file('a/old'),
      dir('a/sub'),
      file('a/sub/old'),
      dir('b'),
      file('b/old'),
    ]);
    await unpack([
      dir('a'),
      file('a/new'),
      file('a/sub/new'),
      file('a/.wh..wh..opq'),
      file('b/new'),
      file('.wh.b'),
    ]);
    expect([names('a'), names('a/sub'), names('b')]).toEqual([['new', 'sub'], ['new'], ['new']]);
    await unpack([file('.wh.a'), file('.wh.absent'), file('.wh..wh.plnk')]);
    expect(names()).toEqual(['b']);
  });

  it('keeps the times of directories that it does not give again, and gives new ones the time 0', async () => {
    await unpack([dir('d'), file('d/old')]);
    await unpack([file('d/new'), file('d/.wh.old'), file('e/f')]);
    const times = ['d', 'e'].map((name) => statSync(join(root, name)).mtimeMs);
    expect(times).toEqual([1_000_000, 0]);
  });

  asRoot('gives directories that no entry stands for to root, whatever is above them', async () => {
    await unpack([{ ...dir('d'), mode: 0o2777, gid: 7 }, file('d/e/f')]);
    const { mode, uid: owner, gid: group } = statSync(join(root, 'd/e'));
    expect([mode & 0o7777, owner, group]).toEqual([0o755, 0, 0]);
  });

  it('does not write through the hard links of a lower layer', async () => {
    await unpack([file('a', 'old'), hard('b', 'a')]);
    await unpack([file('a', 'new')]);
    expect([text('a'), text('b')]).toEqual(['new', 'old']);
  });

  it('follows links of the root inside the root, as real images need it', async () => {
    await unpack([
      dir('usr'),
      dir('usr/lib'),
      file('usr/lib/zero'),
      link('lib', 'usr/lib'),
      link('abs', '/usr/lib'),
      link('up', '../../usr'),
      link('usr/deep', '/usr/lib'),
    ]);
    await unpack([
      file('usr/deep/zwei'),
      file('lib/one'),
      file('abs/two'),
      file('up/lib/three'),
      hard('four', 'abs/two'),
      file('lib/.wh.zero'),
    ]);
    expect(names('usr/lib')).toEqual(['one', 'three', 'two', 'zwei']);
    expect(text('four')).toBe('abs/two');
  });

  it('leaves devices below dev out, and refuses or hands over others', async () => {
    const device: Odd = { type: 'character-device', device: [1, 3] };
    await unpack([{ ...device, path: bytes`dev/null` }]);
    expect(names('dev')).toEqual([]);
    await expect(unpack([{ ...device, path: bytes`null` }])).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
  });

  it('hands over devices and FIFOs under names of ours', async () => {
    const device: Odd = { type: 'character-device', device: [1, 3] };
    const asked: TarEntry[] = [];
    const special: SpecialFiles = {
      directory: mkdtempSync(join(tmpdir(), 'special-')),
      unpack(tar) {
        const reader = new TarReader({ entry: (each) => asked.push(each), content: () => {} }, 'L');
        reader.write(tar);
        throw new Error('no root here');
      },
    };
    const entries: Odd[] = [
      { ...device, path: '\xff/null' as ByteString, mode: 0o666 },
      { ...device, path: bytes`gone` },
      file('gone'),
      { type: 'fifo', path: bytes`p`, mode: 0o4777 },
      hard('q', 'p'),
    ];
    await expect(unpack(entries, { special })).rejects.toThrow('no root here');
    rmSync(special.directory, { recursive: true });
    expect(asked.map(({ path, type, mode }) => [path, type, mode])).toEqual([
      ['0', 'fifo', 0o600],
      ['1', 'character-device', 0o600],
    ]);
  });

  it('hands over capabilities of the files that are left at the end, and no other attribute', async () => {
    const xattrs = new Map([
      ['security.capability', Buffer.from([1, 0x80])],
      ['trusted.overlay.opaque', Buffer.from('y')],
    ]);
    const set: unknown[] = [];
    await unpack(
      [
        { ...file('ping'), xattrs },
        { ...file('old'), xattrs },
        file('old', 'again'),
        { ...dir('d'), xattrs },
      ],
      {
        setXattr: (path, name, value) => void set.push([readlinkSync(path), name, [...value]]),
      },
    );
    expect(set).toEqual([[join(root, 'ping'), 'security.capability', [1, 0x80]]]);
  });
});

describe('unpackLayer stays in its directory', () => {
  const outside = () => join(top, 'outside');

  it.each<[string, () => readonly Odd[]]>([
    [
      'a link to an absolute directory, then a file through it',
      () => [link('l', outside()), file('l/canary', 'dead')],
    ],
    [
      'a relative link upwards, then a file through it',
      () => [link('l', '../outside'), file('l/canary', 'dead')],
    ],
    [
      'a chain of links',
      () => [link('a', '..'), link('b', 'a/outside'), file('b/new'), file('b/canary', 'dead')],
    ],
    [
      'a link replaced in the same layer',
      () => [dir('l'), file('l/x'), link('l', outside()), file('l/canary', 'dead')],
    ],
    [
      'a link in place of a cached parent',
      () => [file('d/e/f'), link('d', '../outside'), file('d/canary'), dir('d/e')],
    ],
    ['a file over a link', () => [link('canary', `${outside()}/canary`), file('canary', 'dead')]],
    ['a directory over a link', () => [link('l', outside()), { ...dir('l'), mode: 0o700 }]],
    ['a whiteout through a link', () => [link('l', outside()), file('l/.wh.canary')]],
    ['an opaque whiteout through a link', () => [link('l', outside()), file('l/.wh..wh..opq')]],
    [
      'a directory whose time is set at the end, replaced by a link',
      () => [dir('d/e'), link('d', outside())],
    ],
    [
      'names with dots and slashes in front',
      () => [file('../../outside/canary'), file('/outside/canary', 'dead')],
    ],
  ])('%s', async (_what, entries) => {
    await unpack(entries());
  });

  it('is bound to the directories that it has opened, whatever takes their place meanwhile', async () => {
    const tar = tarOf([dir('d/e'), file('d/e/one'), file('d/e/two')]);
    const place = join(root, 'd/e');
    async function* open(): AsyncGenerator<Uint8Array> {
      // The directory, and the first file with its content.
      yield await Promise.resolve(tar.subarray(0, 3 * BLOCK));
      expect(names('d/e')).toEqual(['one']);
      renameSync(place, `${place}-moved`);
      symlinkSync(outside(), place);
      yield tar.subarray(3 * BLOCK);
    }
    await unpackLayer({ ...memoryLayer(tar, tar), open }, root);
    expect(names('d/e-moved')).toEqual(['one', 'two']);
  });

  it('keeps few directories open, however many there are', () => {
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    const tree = new DiskTree(root);
    for (let index = 0; index < 400; index++) tree.imply(tree.root, bytes`${index}`);
    expect(open() - before).toBeLessThan(300);
    tree.close();
    expect(open()).toBe(before);
  });

  it('refuses a directory in whose place a link has come, when it opens it again', () => {
    const tree = new DiskTree(root);
    const made = tree.imply(tree.root, bytes`d`);
    tree.handles.release(made);
    rmdirSync(join(root, 'd'));
    symlinkSync(outside(), join(root, 'd'));
    expect(() => tree.imply(made, bytes`e`)).toThrow(/ENOTDIR|ELOOP/);
    tree.close();
  });

  it('does not let a pending device or capability follow a link that came later', async () => {
    const paths: string[] = [];
    const xattrs = new Map([['security.capability', Buffer.alloc(1)]]);
    const note = (path: string) => void paths.push(path);
    const special = { directory: '/nowhere', unpack: () => note('special') };
    const entries = [
      { path: 'd/n', type: 'fifo' } as Odd,
      { ...file('d/canary'), xattrs },
      link('d', outside()),
    ];
    await unpack(entries, { special, setXattr: note });
    expect(paths).toEqual([]);
  });

  it.each<[string, readonly Odd[], RegExp]>([
    ['a hard link to what is not there', [hard('l', '../outside/canary')], /is not a file/],
    ['a hard link to itself', [file('l'), hard('l', 'l')], /itself/],
    ['a hard link to a directory', [dir('d'), hard('l', 'd')], /is not a file/],
    ['a link loop in a parent', [link('a', 'b'), link('b', 'a'), file('a/x')], /too many links/],
    ['a file as a parent', [file('f'), file('f/x')], /not a directory/],
    ['a whiteout of nothing', [file('.wh.')], /names no entry/],
    ['a whiteout of the parent', [file('d/.wh...')], /names no entry/],
    ['a whiteout of the directory itself', [file('d/.wh..')], /names no entry/],
    [
      'a deletion in the form of overlay',
      [{ path: bytes`x`, type: 'character-device', device: [0, 0] }],
      /deletion/,
    ],
    ['a path beyond what Linux can hold', [file('a/'.repeat(300_000) + 'x')], /too long|too large/],
    [
      'a target beyond what Linux can hold',
      [file('f'), hard('l', 'a/'.repeat(300_000) + 'x')],
      /too long|too large/,
    ],
    ['a name of 256 bytes', [file('n'.repeat(256))], /too long/],
  ])('refuses %s', async (_what, entries, message) => {
    const error = expect.objectContaining({
      code: 'BASE_INVALID',
      message: expect.stringMatching(message),
    });
    await expect(unpack(entries)).rejects.toEqual(error);
  });
});
