import { canonicalJson } from '@nx-nixpack/base';
import { digestOf } from './digest.js';
import { Image, type Layer } from './image.js';
import { imageFrom } from './image-from.js';
import { memoryLayer } from './layer/memory-layer.contract.js';
import { MEDIA_TYPES } from './media-types.js';

const one: Layer = memoryLayer(Buffer.alloc(1024));
const two: Layer = { ...memoryLayer(Buffer.alloc(2048)), origin: 'own', name: 'application' };
const json = (bytes: Uint8Array) =>
  JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;

type Members = Record<string, unknown>;

/** A base as another tool writes it: Docker's types, no canonical form, members that we do not know. */
function foreign(change: { config?: Members; manifest?: Members } = {}): {
  manifest: Buffer;
  config: Buffer;
} {
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      author: 'someone',
      created: '2024-01-02T03:04:05.678901234Z',
      config: { Env: ['PATH=/bin'], Cmd: ['sh'], Healthcheck: { Test: ['NONE'] }, User: null },
      rootfs: { type: 'layers', diff_ids: [one.diffId] },
      history: [{ created_by: 'ADD' }, { created_by: 'CMD', empty_layer: true }],
      ...change.config,
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.dockerManifest,
      config: {
        mediaType: MEDIA_TYPES.dockerConfig,
        digest: digestOf(config),
        size: config.byteLength,
      },
      layers: [{ mediaType: MEDIA_TYPES.dockerLayerGzip, digest: one.digest, size: one.size }],
      ...change.manifest,
    }),
  );
  return { manifest, config };
}

const read = ({ manifest, config } = foreign()) =>
  imageFrom(manifest, config, () => one.open(), 'base');

describe('Image', () => {
  it('has the same bytes for the same parts', () => {
    const make = () =>
      Image.scratch('linux/amd64', 5)
        .append(one, two)
        .configure({ Env: ['A=1'], Cmd: ['x'] });
    expect(make().digest).toBe(make().digest);
    expect(make().manifest).toEqual(make().manifest);
    expect(json(make().configBytes)).toEqual({
      architecture: 'amd64',
      os: 'linux',
      created: '1970-01-01T00:00:05Z',
      config: { Env: ['A=1'], Cmd: ['x'] },
      rootfs: { type: 'layers', diff_ids: [one.diffId, two.diffId] },
      history: [
        { created: '1970-01-01T00:00:05Z', created_by: 'nixpack:layer' },
        { created: '1970-01-01T00:00:05Z', created_by: 'nixpack:application' },
      ],
    });
  });

  it('keeps its format: the golden digest may never change', () => {
    const image = Image.scratch('linux/amd64')
      .append({ ...two, digest: digestOf('x'), size: 7 })
      .annotate({ a: 'ä' });
    expect(image.digest).toBe(
      'sha256:18e6fe981ecc86c88101525c8541c97369bc25f5051851f73663b48eb426b9a8',
    );
  });

  it('changes the digest with every part', () => {
    const image = Image.scratch('linux/amd64').append(one);
    const others = [
      image.append(two),
      image.configure({ User: '1' }),
      image.annotate({ a: 'b' }),
      image.createdAt(1),
      Image.scratch('linux/arm64').append(one),
    ];
    expect(new Set([image, ...others].map(({ digest }) => digest)).size).toBe(6);
    expect(image.append()).toBe(image);
  });

  it('takes members of the run configuration away', () => {
    const image = Image.scratch('linux/amd64').configure({ Cmd: ['a'], User: 'u' });
    expect(image.configure({ Cmd: undefined }).config).toEqual({ User: 'u' });
  });

  it('counts manifest, configuration and layers as its size', () => {
    const image = Image.scratch('linux/amd64').append(one);
    expect(image.size).toBe(image.manifest.byteLength + image.configBytes.byteLength + one.size);
    expect(image.configDescriptor).toEqual({
      mediaType: MEDIA_TYPES.config,
      digest: digestOf(image.configBytes),
      size: image.configBytes.byteLength,
    });
  });
});

describe('imageFrom', () => {
  it('keeps the exact bytes of what exists', () => {
    const { manifest, config } = foreign();
    const image = read({ manifest, config });
    expect([image.manifest, image.configBytes, image.digest]).toEqual([
      manifest,
      config,
      digestOf(manifest),
    ]);
    expect([image.mediaType, image.configDescriptor.mediaType]).toEqual([
      MEDIA_TYPES.dockerManifest,
      MEDIA_TYPES.dockerConfig,
    ]);
    expect(image.platform).toBe('linux/arm64');
    expect(image.layers).toMatchObject([
      { digest: one.digest, diffId: one.diffId, origin: 'base' },
    ]);
    expect(image.config).toEqual({
      Env: ['PATH=/bin'],
      Cmd: ['sh'],
      Healthcheck: { Test: ['NONE'] },
    });
  });

  it('derives an OCI image that keeps everything of the base', () => {
    const derived = read().createdAt(0).append(two);
    expect(derived.mediaType).toBe(MEDIA_TYPES.manifest);
    expect(json(derived.manifest)['layers']).toEqual([
      { mediaType: MEDIA_TYPES.layerGzip, digest: one.digest, size: one.size },
      { mediaType: MEDIA_TYPES.layerGzip, digest: two.digest, size: two.size },
    ]);
    expect(json(derived.configBytes)).toMatchObject({
      variant: 'v8',
      author: 'someone',
      architecture: 'arm64',
      config: { Healthcheck: { Test: ['NONE'] } },
      history: [
        { created_by: 'ADD' },
        { created_by: 'CMD', empty_layer: true },
        { created: '1970-01-01T00:00:00Z', created_by: 'nixpack:application' },
      ],
    });
  });

  it('completes a history that leaves layers out', () => {
    const { history } = read(foreign({ config: { history: undefined } })).append(two);
    expect(history.map((entry) => entry.created_by)).toEqual(['base', 'nixpack:application']);
  });

  it('describes layers anew without touching a byte', () => {
    const image = read();
    const renamed = image.withLayers([{ ...(image.layers[0] as Layer), name: 'n' }]);
    expect([renamed.digest, renamed.layers[0]?.name]).toEqual([image.digest, 'n']);
    expect(() => image.withLayers([two])).toThrow('takes the layers');
  });

  it('can be written and read again', () => {
    const image = Image.scratch('linux/amd64').append(one, two).annotate({ a: 'b' });
    const again = imageFrom(image.manifest, image.configBytes, () => one.open(), 'own');
    expect([again.digest, again.annotations, again.history]).toEqual([
      image.digest,
      { a: 'b' },
      image.history,
    ]);
    expect(Buffer.from(again.configBytes).toString()).toBe(canonicalJson(json(image.configBytes)));
  });

  const layer = { mediaType: MEDIA_TYPES.layerGzip, digest: one.digest, size: 1 };
  it.each<[string, { config?: Members; manifest?: Members }, RegExp]>([
    ['another schema', { manifest: { schemaVersion: 1 } }, /schema version 2/],
    ['an index', { manifest: { mediaType: MEDIA_TYPES.index } }, /is not an image manifest/],
    ['no layers', { manifest: { layers: undefined } }, /lists no layers/],
    [
      'a digest of another kind',
      { manifest: { layers: [{ ...layer, digest: 'md5:../x' }] } },
      /layer 0 .* no sha256/,
    ],
    ['a negative size', { manifest: { layers: [{ ...layer, size: -1 }] } }, /no valid size/],
    [
      'a foreign layer',
      { manifest: { layers: [{ ...layer, mediaType: 'x/nondistributable' }] } },
      /cannot be read/,
    ],
    ['513 layers', { manifest: { layers: Array(513).fill(layer) } }, /more than 512/],
    [
      'another number of diff ids',
      { config: { rootfs: { type: 'layers', diff_ids: [] } } },
      /1 layers, .* 0/,
    ],
    ['no rootfs', { config: { rootfs: undefined } }, /no diff ids/],
    [
      'a diff id that is none',
      { config: { rootfs: { type: 'layers', diff_ids: [1] } } },
      /not a sha256/,
    ],
    ['another platform', { config: { os: 'windows' } }, /windows\/arm64/],
    ['ONBUILD', { config: { config: { OnBuild: ['RUN x'] } } }, /ONBUILD/],
    ['an environment that is none', { config: { config: { Env: 'A=1' } } }, /Env of/],
    ['a history too long', { config: { history: [{}, {}] } }, /names 2 layers/],
    [
      'another configuration',
      { manifest: { config: { ...layer, mediaType: MEDIA_TYPES.config } } },
      /not the one/,
    ],
    [
      'an artifact',
      { manifest: { config: { ...layer, mediaType: 'application/x' } } },
      /not an image/,
    ],
    ['annotations that are none', { manifest: { annotations: { a: 1 } } }, /are not texts/],
  ])('refuses %s', (_what, change, message) => {
    const attempt = () => read(foreign(change));
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'BASE_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('refuses what is not JSON, not UTF-8 or too large', () => {
    const { config } = foreign();
    for (const bytes of ['<html>', '[]', '\xff', ' '.repeat(5 * 1024 ** 2)])
      expect(() => read({ manifest: Buffer.from(bytes, 'latin1'), config })).toThrow('manifest');
  });
});
