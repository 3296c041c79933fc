import { type ByteString, type Entry } from '@nx-nixpack/base';
import { digestOf } from './digest.js';
import { Image, type Layer } from './image.js';
import { memoryLayer } from './layer/memory-layer.contract.js';
import { encodeHeader, TAR_END } from './tar/tar-writer.js';
import { problemsIn } from './validate.contract.js';

const entry = (path: string): Entry => ({
  path: path as ByteString,
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
});
const layer = (entries: readonly [string, number][], end: Uint8Array = TAR_END): Layer => ({
  ...memoryLayer(
    Buffer.concat([...entries.map(([path, mtime]) => encodeHeader(entry(path), mtime)), end]),
  ),
  origin: 'own',
});
const good = layer([
  ['a', 0],
  ['a/b', 0],
]);
const problemsOf = (...layers: readonly Layer[]) =>
  problemsIn(Image.scratch('linux/amd64').append(...layers));

describe('problemsIn', () => {
  it('finds nothing wrong with what is right', async () => {
    expect(await problemsOf(good, good)).toEqual([]);
    expect(await problemsIn(Image.scratch('linux/arm64'))).toEqual([]);
  });

  it.each<[string, Layer, RegExp]>([
    ['a wrong digest', { ...good, digest: digestOf('x') }, /digest/],
    ['a wrong diff id', { ...good, diffId: digestOf('x') }, /diff id/],
    ['a wrong size', { ...good, size: good.size + 1 }, /shorter/],
    ['a tar that breaks off', layer([['a', 0]], Buffer.alloc(100)), /middle of an entry/],
    ['a type that is not a layer', { ...good, mediaType: 'text/plain' }, /cannot be read/],
    [
      'entries out of order',
      layer([
        ['b', 0],
        ['a', 0],
      ]),
      /a is not in walk order/,
    ],
    [
      'entries of different times',
      layer([
        ['a', 0],
        ['b', 1],
      ]),
      /b has another time/,
    ],
  ])('finds %s', async (_what, broken, message) => {
    const problems = await problemsOf(good, broken);
    expect(problems).toEqual([expect.stringMatching(message)]);
  });

  it('asks foreign layers for no canonical form', async () => {
    expect(
      await problemsOf({
        ...layer([
          ['b', 0],
          ['a', 1],
        ]),
        origin: 'base',
      }),
    ).toEqual([]);
  });

  it('finds an image whose parts disagree', async () => {
    const image = Image.scratch('linux/amd64').append(good);
    const parts = {
      platform: 'linux/arm64',
      created: 0,
      config: {},
      layers: [],
      history: [],
      annotations: {},
    } as const;
    expect(await problemsIn(Image.existing(parts, image.manifest, image.configBytes))).toEqual([
      'the configuration is for linux/amd64',
      'the layers are not those of the manifest and the configuration',
      'the history names 1 layers',
    ]);
  });
});
