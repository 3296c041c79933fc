import { deflateRawSync, gzipSync } from 'node:zlib';
import { digestOf } from '../digest.js';
import type { Layer } from '../image.js';
import { layerTar } from './layer-tar.js';
import { memoryLayer } from './memory-layer.contract.js';

const TAR = Buffer.from('any bytes will do here '.repeat(1000));
/** `TAR` is not read as a tar here; this frame was made with zstd 1.5.4 of the 1000 repetitions. */
const ZSTD = Buffer.from('KLUv/QRo/QAAuGFueSBieXRlcyB3aWxsIGRvIGhlcmUgAQB9M91nEyh8nko=', 'base64');

async function read(layer: Layer, limits?: Parameters<typeof layerTar>[1]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of layerTar(layer, limits)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('layerTar', () => {
  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync(TAR)],
    [
      'several gzip members',
      Buffer.concat([gzipSync(TAR.subarray(0, 99)), gzipSync(TAR.subarray(99))]),
    ],
    ['zstd', ZSTD],
    ['a plain tar', TAR],
  ])('reads %s', async (_what, stored) => {
    expect((await read(memoryLayer(TAR, stored))).equals(TAR)).toBe(true);
  });

  it('reads zstd on a Node that has none', async () => {
    jest.resetModules();
    jest.doMock('node:zlib', () => ({
      ...jest.requireActual('node:zlib'),
      createZstdDecompress: undefined,
    }));
    const module = await import('./layer-tar.js');
    const chunks: Uint8Array[] = [];
    for await (const chunk of module.layerTar(memoryLayer(TAR, ZSTD))) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(TAR)).toBe(true);
  });

  it.each<[string, Partial<Layer>, RegExp]>([
    ['another digest', { digest: digestOf('x') }, /than its digest says/],
    ['another diff id', { diffId: digestOf('x') }, /diff id/],
    ['a smaller size', { size: 10 }, /longer than announced/],
    ['a larger size', { size: 10_000 }, /shorter than announced/],
  ])('refuses %s', async (_what, change, message) => {
    const layer = { ...memoryLayer(TAR), ...change };
    await expect(read(layer)).rejects.toMatchObject({
      code: 'BASE_INVALID',
      message: expect.stringMatching(message),
    });
    await expect(read({ ...layer, origin: 'own' })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
    });
  });

  it.each<[string, Uint8Array]>([
    ['damaged gzip', Buffer.concat([gzipSync(TAR).subarray(0, 20), Buffer.alloc(50, 0xff)])],
    ['gzip that breaks off', gzipSync(TAR).subarray(0, -9)],
    ['zstd that breaks off', ZSTD.subarray(0, 20)],
    ['a raw deflate stream', deflateRawSync(TAR)],
    ['bytes after the end of gzip', Buffer.concat([gzipSync(TAR), Buffer.alloc(200_000, 1)])],
  ])('refuses %s', async (_what, stored) => {
    await expect(read(memoryLayer(TAR, stored))).rejects.toMatchObject({ code: 'BASE_INVALID' });
  });

  it('stops at bombs', async () => {
    const zeros = memoryLayer(Buffer.alloc(3_000_000));
    const limits = { bytes: 1_000_000, ratio: 200, ratioFrom: 2_000_000 };
    await expect(read(zeros, limits)).rejects.toThrow('more than 1000000 bytes');
    await expect(read(zeros, { ...limits, bytes: 1e9 })).rejects.toThrow('200 times');
  });

  it('passes on what its source fails with', async () => {
    const cut = new Error('connection cut');
    const layer: Layer = {
      ...memoryLayer(TAR),
      async *open() {
        yield gzipSync(TAR).subarray(0, 10);
        await Promise.resolve();
        throw cut;
      },
    };
    await expect(read(layer)).rejects.toBe(cut);
  });

  it('closes its source when its reader stops', async () => {
    let closed = false;
    const stored = gzipSync(TAR);
    const layer: Layer = {
      ...memoryLayer(TAR),
      async *open() {
        try {
          for (;;) yield await Promise.resolve(stored);
        } finally {
          closed = true;
        }
      },
    };
    for await (const _chunk of layerTar({ ...layer, size: 1e9 })) break;
    await new Promise(setImmediate);
    expect(closed).toBe(true);
  });
});
