import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  bytes,
  bytesOf,
  type ByteString,
  compareBytes,
  encodeText,
  type Entry,
} from '@nx-nixpack/base';
import { Image, type Layer } from '../image.js';
import { readLayout } from '../layout/read-layout.js';
import { writeLayout } from '../layout/write-layout.js';
import { Store } from '../store/store.js';
import type { TarEntry } from '../tar/tar-format.js';
import { TarReader } from '../tar/tar-reader.js';
import { openImageTree } from '../tree/image-tree.js';
import { problemsIn } from '../validate.contract.js';
import { layerTar } from './layer-tar.js';
import { specialByTar } from './hostile/special-by-tar.contract.js';
import { memoryLayer } from './memory-layer.contract.js';
import { packLayer, type PackEntry } from './pack-layer.js';
import { unpackLayer } from './unpack-layer.js';
import { compareWalk } from './walk-order.js';

/* GNU tar, umoci and skopeo read what we write, and we read what they write. Needs root. */

let directory: string;
let store: Store;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tools-'));
  store = Store.open(join(directory, 'store'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const MTIME = 1_600_000_000;
const run = (file: string, ...args: string[]): Buffer =>
  execFileSync(file, args, { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'pipe'] });
const sub = (name: string): string => {
  mkdirSync(join(directory, name));
  return join(directory, name);
};

const entry = (path: string, more: Partial<PackEntry> = {}): PackEntry => ({
  path: path as ByteString,
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  ...more,
});
const file = (path: string, content: string, more: Partial<PackEntry> = {}): PackEntry =>
  entry(path, {
    type: 'file',
    mode: 0o644,
    size: content.length,
    open: () => [Buffer.from(content, 'latin1')],
    ...more,
  });

/** VFS_CAP_REVISION_2 with cap_net_raw, effective and permitted. */
const CAPABILITY = Buffer.from('0100000200200000000000000000000000000000', 'hex');

const LONG = `${'d'.repeat(150)}/${'e'.repeat(149)}`;
const CORPUS: readonly PackEntry[] = [
  entry('', { mode: 0o711 }),
  entry('-rf'),
  entry('.wh'),
  file('a\nb', 'line break'),
  file('cap', 'x', { mode: 0o755, xattrs: new Map([['security.capability', CAPABILITY]]) }),
  file('caf\xe9', 'Latin-1', { mode: 0o4755 }),
  entry('dev/console', { type: 'character-device', mode: 0o600, device: [5, 1] }),
  entry('dev/loop', { type: 'block-device', mode: 0o660, device: [7, 300_000] }),
  entry('dev'),
  entry('d'.repeat(150), { mode: 0o2775 }),
  file(LONG, 'long', { uid: 3_000_000_000, gid: 4_000_000_000 }),
  entry('hard', { type: 'hardlink', target: LONG as ByteString }),
  entry('fifo', { type: 'fifo', mode: 0o600 }),
  entry('link', {
    type: 'symlink',
    mode: 0o777,
    target: bytes`${'t'.repeat(200) as ByteString}\xff`,
  }),
  file(encodeText('naïve 日本'), 'UTF-8', { uid: 1000, gid: 2_097_152 }),
  file('xattr', 'x', { xattrs: new Map([['user.odd', Buffer.from([0x80, 0xff, 0, 0x0a, 0x3d])]]) }),
].sort((a, b) => compareWalk(a.path, b.path));

function entriesOf(tar: Uint8Array): Map<string, TarEntry> {
  const found = new Map<string, TarEntry>();
  const reader = new TarReader(
    { entry: (each) => found.set(each.path, each), content: () => {} },
    'test',
  );
  reader.write(tar);
  reader.end();
  return found;
}

async function stored(layer: Layer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of layer.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What is in a directory, as GNU tar sees it, without what it depends on by chance (which hard link comes first). */
function seenByTar(root: string): Map<string, Partial<Entry>> {
  const tar = run(
    'tar',
    '--xattrs',
    '--xattrs-include=*',
    '--format=posix',
    '--sort=name',
    '-C',
    root,
    '-c',
    '.',
  );
  return comparable(entriesOf(tar));
}

function comparable(entries: ReadonlyMap<string, TarEntry>): Map<string, Partial<Entry>> {
  const seen = [...entries.values()].map((each): [string, Partial<Entry>] => {
    const { mtime, ...source } =
      each.type === 'hardlink' ? (entries.get(each.target ?? '') as TarEntry) : each;
    return [
      each.path,
      { ...source, path: each.path, ...(mtime === MTIME ? {} : { device: [-1, mtime] }) },
    ];
  });
  return new Map(seen.sort(([a], [b]) => compareBytes(a as ByteString, b as ByteString)));
}

/** By the system call itself (188 on x64), because setfattr is not a standard program. */
const setXattr = (path: string, name: string, value: Uint8Array): void => {
  const script =
    '($p, $n, $v) = @ARGV; $v = pack("H*", $v); exit(syscall(188, $p, $n, $v, length $v, 0) ? 1 : 0)';
  run('perl', '-e', script, path, name, Buffer.from(value).toString('hex'));
};

describe('GNU tar', () => {
  it('unpacks every odd entry of ours as it was', async () => {
    const layer = await packLayer(CORPUS, store, { mtime: MTIME });
    const root = sub('root');
    writeFileSync(join(directory, 'layer.tar.gz'), await stored(layer));
    run('gzip', '-t', join(directory, 'layer.tar.gz'));
    run(
      'tar',
      '-xpzf',
      join(directory, 'layer.tar.gz'),
      '--xattrs',
      '--xattrs-include=*',
      '--numeric-owner',
      '-C',
      root,
    );
    const expected = entriesOf(gunzipSync(await stored(layer)));
    expect(expected.size).toBe(CORPUS.length);
    expect(seenByTar(root)).toEqual(comparable(expected));
    expect(
      readFileSync(Buffer.concat([Buffer.from(`${root}/`), bytesOf(LONG as ByteString)]), 'utf8'),
    ).toBe('long');
  });

  it.each(['v7', 'oldgnu', 'gnu', 'ustar', 'posix'])('writes %s, which we read', (format) => {
    const root = sub('source');
    run(
      'bash',
      '-c',
      'cd "$1"; mkdir -p d/e; echo x >d/f; ln d/f d/hard; ln -s f d/link; chown 12:34 d/f; chmod 4711 d/f',
      '-',
      root,
    );
    if (format !== 'v7') run('mknod', join(root, 'null'), 'c', '1', '3');
    if (!['v7', 'ustar'].includes(format))
      run(
        'bash',
        '-c',
        'n=$(printf "%0250d" 0); touch "$1/$n"; ln -s "$n$n" "$1/l"; chown 3000000000 "$1/$n"',
        '-',
        root,
      );
    const found = entriesOf(run('tar', `--format=${format}`, '-C', root, '-c', '.'));
    expect(found.get('d/f')).toMatchObject({
      type: 'file',
      mode: 0o4711,
      uid: 12,
      gid: 34,
      size: 2,
    });
    expect([found.get('d')?.type, found.get('d/e')?.type, found.get('')?.type]).toEqual(
      Array(3).fill('directory'),
    );
    expect(found.get('d/hard')).toMatchObject({ type: 'hardlink', target: 'd/f' });
    expect(found.get('d/link')).toMatchObject({ type: 'symlink', target: 'f' });
    if (format !== 'v7')
      expect(found.get('null')).toMatchObject({ type: 'character-device', device: [1, 3] });
    if (['v7', 'ustar'].includes(format)) return;
    expect(found.get('0'.repeat(250))?.uid).toBe(3_000_000_000);
    expect(found.get('l')?.target).toBe('0'.repeat(500));
  });

  it('and we unpack alike', async () => {
    const layer = await packLayer(CORPUS, store, { mtime: MTIME });
    const [ours, theirs] = [sub('ours'), sub('theirs')];
    await unpackLayer(layer, ours, { special: specialByTar(directory), setXattr });
    const withoutOther = CORPUS.map((each) => (each.path === 'xattr' ? file('xattr', 'x') : each));
    const plain = await packLayer(withoutOther, store, { mtime: MTIME });
    writeFileSync(join(directory, 'tar'), gunzipSync(await stored(plain)));
    run(
      'tar',
      '-xpf',
      join(directory, 'tar'),
      '--xattrs',
      '--xattrs-include=*',
      '--numeric-owner',
      '-C',
      theirs,
    );
    expect(seenByTar(ours)).toEqual(seenByTar(theirs));
    expect(lstatSync(join(ours, 'hard')).nlink).toBe(2);
  });
});

describe('umoci and skopeo', () => {
  const safe = CORPUS.filter(({ type, path }) => !type.endsWith('device') && path !== 'xattr');

  async function layout(): Promise<string> {
    const first = await packLayer(safe, store, { mtime: MTIME, name: 'dependencies' });
    const second = await packLayer(
      [file('.wh.fifo', ''), file('.wh.hard', ''), file('new', 'n')],
      store,
      {
        mtime: MTIME,
        name: 'application',
      },
    );
    const image = Image.scratch('linux/amd64')
      .append(first, second)
      .configure({ Cmd: ['sh'] });
    expect(await problemsIn(image)).toEqual([]);
    await writeLayout(image, join(directory, 'image'));
    return join(directory, 'image');
  }

  it('unpack our layout to the tree that we see in it', async () => {
    const path = await layout();
    const image = await readLayout(path, { platform: 'linux/amd64' });
    run('umoci', 'unpack', '--image', `${path}:latest`, join(directory, 'bundle'));
    const ours = sub('ours');
    const options = { special: specialByTar(directory), setXattr };
    for (const layer of image.layers) await unpackLayer(layer, ours, options);
    expect(seenByTar(ours)).toEqual(seenByTar(join(directory, 'bundle/rootfs')));
    const tree = await openImageTree(image.layers, join(directory, 'scratch'));
    expect([
      tree.entry(bytes`fifo`),
      tree.entry(bytes`hard`),
      tree.entry(LONG as ByteString)?.uid,
    ]).toEqual([undefined, undefined, 3_000_000_000]);
    tree.close();
  });

  it('copy our layout, and we read their copies', async () => {
    const path = await layout();
    const { digest } = await readLayout(path, { platform: 'linux/amd64' });
    run('skopeo', 'copy', `oci:${path}`, `oci:${join(directory, 'copy')}:name`);
    const copy = await readLayout(join(directory, 'copy'), { platform: 'linux/amd64' });
    expect([copy.digest, await problemsIn(copy)]).toEqual([digest, []]);
    run('skopeo', 'copy', '--format=v2s2', `oci:${path}`, `dir:${join(directory, 'docker')}`);
    run('skopeo', 'copy', `dir:${join(directory, 'docker')}`, `oci:${join(directory, 'back')}`);
    const back = await readLayout(join(directory, 'back'), { platform: 'linux/amd64' });
    expect(await problemsIn(back)).toEqual([]);
  });

  it('make layouts that we read and build upon', async () => {
    const path = join(directory, 'theirs');
    const root = sub('root');
    writeFileSync(join(root, 'file'), 'content');
    run('umoci', 'init', '--layout', path);
    run('umoci', 'new', '--image', `${path}:one`);
    run('umoci', 'insert', '--image', `${path}:one`, '--tag', 'two', root, '/inserted');
    run('umoci', 'config', '--image', `${path}:two`, '--config.cmd=run', '--config.env=A=1');
    const image = await readLayout(path, { platform: 'linux/amd64', name: 'two' });
    expect(await problemsIn(image)).toEqual([]);
    expect(image.config).toMatchObject({ Cmd: ['run'], Env: ['A=1'] });
    const more = await packLayer([file('mine', 'x')], store, { mtime: 0, name: 'application' });
    const derived = image.append(more);
    expect(await problemsIn(derived)).toEqual([]);
    await writeLayout(derived, join(directory, 'derived'));
    run(
      'umoci',
      'unpack',
      '--image',
      `${join(directory, 'derived')}:latest`,
      join(directory, 'bundle'),
    );
    expect(readFileSync(join(directory, 'bundle/rootfs/mine'), 'utf8')).toBe('x');
    expect(readFileSync(join(directory, 'bundle/rootfs/inserted/file'), 'utf8')).toBe('content');
  });
});

describe('zstd', () => {
  it('compresses layers that we read', async () => {
    const tar = Buffer.concat(CORPUS.map(() => Buffer.alloc(100_000, 'zstd '))).subarray(
      0,
      1_024_000,
    );
    writeFileSync(join(directory, 'tar'), tar);
    for (const level of ['-1', '-19', '--long=27']) {
      const layer = memoryLayer(tar, run('zstd', level, '-c', join(directory, 'tar')));
      const read: Uint8Array[] = [];
      for await (const chunk of layerTar(layer)) read.push(chunk);
      expect(Buffer.concat(read).equals(tar)).toBe(true);
    }
  });
});
