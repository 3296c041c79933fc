import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { digestOf } from '../digest.js';
import { BlockGzip, GZIP_BLOCK } from './block-gzip.js';
import { compressionProfile, compressionSample } from './compression-profile.js';

async function gzip(pieces: Iterable<Uint8Array>): Promise<Buffer> {
  const out: Uint8Array[] = [];
  const compressor = new BlockGzip((bytes) => out.push(bytes));
  for (const piece of pieces) {
    compressor.write(piece);
    if (compressor.busy) await compressor.settle();
  }
  await compressor.end();
  return Buffer.concat(out);
}

const SAMPLE = compressionSample(3 * GZIP_BLOCK + 1234);

function* cut(content: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < content.byteLength; at += length) yield content.subarray(at, at + length);
}

describe('BlockGzip', () => {
  it.each([0, 1, GZIP_BLOCK - 1, GZIP_BLOCK, GZIP_BLOCK + 1, 2 * GZIP_BLOCK + 5])(
    'round-trips %d bytes',
    async (length) => {
      const content = SAMPLE.subarray(0, length);
      expect(gunzipSync(await gzip([content])).equals(content)).toBe(true);
    },
  );

  it('makes the same bytes however the content is cut', async () => {
    const content = SAMPLE.subarray(0, 2 * GZIP_BLOCK + 77_777);
    const whole = await gzip([content]);
    const property = fc.asyncProperty(fc.integer({ min: 1000, max: 3_000_000 }), async (length) => {
      expect((await gzip(cut(content, length))).equals(whole)).toBe(true);
    });
    await fc.assert(property, { seed: 1, numRuns: 5 });
  });

  it('makes the golden bytes', async () => {
    expect(compressionProfile()).toBe('gzip-6-1m');
    expect(digestOf(await gzip([SAMPLE]))).toBe(
      'sha256:6bd33bb925eb1f07b0c5161896aefc6d8ed5f7926760dc7e70bf716c4a25a63f',
    );
    expect((await gzip([])).toString('hex')).toBe('1f8b08000000000000ff03000000000000000000');
  });

  it('hands the content over in order and counts it', async () => {
    const seen: Buffer[] = [];
    const content = SAMPLE.subarray(0, GZIP_BLOCK + 10);
    const compressor = new BlockGzip(
      () => {},
      (bytes) => seen.push(Buffer.from(bytes)),
    );
    compressor.write(content);
    expect(compressor.size).toBe(content.byteLength);
    await compressor.end();
    expect(Buffer.concat(seen).equals(content)).toBe(true);
  });
});
