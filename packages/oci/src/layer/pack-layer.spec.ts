import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bytes, type ByteString, type Entry } from '@nx-nixpack/base';
import { digestOf } from '../digest.js';
import type { Layer } from '../image.js';
import { MEDIA_TYPES } from '../media-types.js';
import { Store } from '../store/store.js';
import { type TarEntry } from '../tar/tar-format.js';
import { TarReader } from '../tar/tar-reader.js';
import { packLayer, type PackEntry } from './pack-layer.js';
import { compareWalk } from './walk-order.js';

let directory: string;
let store: Store;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pack-'));
  store = Store.open(directory);
});
afterEach(() => rmSync(directory, { recursive: true }));

const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  path: path as ByteString,
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  ...more,
});

const file = (path: string, content: string): PackEntry => ({
  ...entry(path, { type: 'file', mode: 0o644, size: content.length }),
  open: () => [Buffer.from(content, 'latin1')],
});

async function stored(layer: Layer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of layer.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function entriesOf(tar: Buffer): TarEntry[] {
  const found: TarEntry[] = [];
  const reader = new TarReader({ entry: (each) => found.push(each), content: () => {} }, 'test');
  reader.write(tar);
  reader.end();
  return found;
}

const SAMPLE: readonly PackEntry[] = [
  entry('app'),
  file('app/.wh.gone', ''),
  entry('app/bin', { type: 'symlink', target: bytes`lib` }),
  file('app/lib', 'content'),
  entry('app/zlib', { type: 'hardlink', target: bytes`app/lib` }),
  file('app.txt', 'x'.repeat(600)),
];

describe('packLayer', () => {
  it('stores a layer whose digests and entries are those of its content', async () => {
    const layer = await packLayer(SAMPLE, store, { name: 'application', mtime: 5 });
    const bytes = await stored(layer);
    const tar = gunzipSync(bytes);
    expect(layer).toMatchObject({
      mediaType: MEDIA_TYPES.layerGzip,
      digest: digestOf(bytes),
      size: bytes.byteLength,
      diffId: digestOf(tar),
      origin: 'own',
      name: 'application',
    });
    expect(entriesOf(tar)).toEqual(
      SAMPLE.map(({ open: _open, ...each }) => ({ ...each, mtime: 5 })),
    );
    expect(readdirSync(join(directory, 'temporary'))).toEqual([]);
  });

  it('keeps its format: the golden digests may never change', async () => {
    const { digest, diffId } = await packLayer(SAMPLE, store, { mtime: 0 });
    expect({ digest, diffId }).toEqual({
      digest: 'sha256:5935d3fe06bd9176e6672bc773d758291b87e31ccd60eab6850b24bdcf48032e',
      diffId: 'sha256:1da13e70e1c7410a131e6a8fe297eea855bf823da7cd0037ae2dd72e2cc35c15',
    });
  });

  it('packs nothing into an empty tar', async () => {
    const layer = await packLayer([], store, { mtime: 0 });
    expect(layer.diffId).toBe(digestOf(Buffer.alloc(1024)));
  });

  it('notices a file that grew or shrank', async () => {
    for (const size of [3, 9]) {
      const lying = { ...file('a', 'content'), size };
      await expect(packLayer([lying], store, { mtime: 0 })).rejects.toMatchObject({
        code: 'SOURCE_CHANGED',
      });
    }
    expect(readdirSync(join(directory, 'temporary'))).toEqual([]);
  });

  it.each([
    ['a directory after its contents', [file('a/b', ''), entry('a')]],
    ['a path twice', [entry('a'), entry('a')]],
    [
      'a name like the directory before the contents of the directory',
      [entry('a'), file('a.b', ''), file('a/c', '')],
    ],
    ['names by another order than bytes', [file('é', ''), file('z', '')]],
  ])('refuses %s', async (_what, entries) => {
    await expect(packLayer(entries, store, { mtime: 0 })).rejects.toThrow('walk order');
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const controller = new AbortController();
    const large = {
      ...entry('big', { type: 'file', size: 2 ** 40 }),
      open: () => endless(controller),
    };
    await expect(
      packLayer([large], store, { mtime: 0, signal: controller.signal }),
    ).rejects.toThrow('abort');
    expect(readdirSync(join(directory, 'temporary'))).toEqual([]);
  });
});

function* endless(controller: AbortController): Generator<Uint8Array> {
  for (let count = 0; ; count++) {
    if (count === 10) controller.abort();
    yield Buffer.alloc(1024 * 1024);
  }
}

describe('compareWalk', () => {
  it('orders paths as a walk meets them', () => {
    const walked = [
      '',
      'a',
      'a/b',
      'a/b/c',
      'a/b-c',
      'a-b',
      'a.b',
      'ab',
      'b',
      'b/\x01',
      '\xe9',
    ].map((path) => path as ByteString);
    expect([...walked].reverse().sort(compareWalk)).toEqual(walked);
  });
});
