import { deflateRawSync } from 'node:zlib';
import { digestOf, hexOf } from '../digest.js';
import { optionsFor } from './block-gzip.js';

const STANDARD = 'gzip-6-1m';
/** What the zlib of the official Node 20, 22 and 24 makes of the sample. */
const GOLDEN = '3a66b789279968e070e04c7c30c1d1ab53a1911033fd4a6043562e5601b6eb24';
const SAMPLE_BYTES = 96 * 1024;

let profile: string | undefined;

/**
 * Names what our compression makes of a given content, so that it can be part of a cache key.
 * `gzip-6-1m` on every official Node; a Node that is linked against another zlib makes other bytes (equal diff ids,
 * other blob digests) and gets a name of its own. Measured once a process, in about 5 ms.
 */
export function compressionProfile(): string {
  return (profile ??= measured());
}

function measured(): string {
  const sample = compressionSample(SAMPLE_BYTES);
  const half = SAMPLE_BYTES / 2;
  const first = deflateRawSync(sample.subarray(0, half), optionsFor(Buffer.alloc(0), false));
  const second = deflateRawSync(
    sample.subarray(half),
    optionsFor(sample.subarray(half - 32768, half), true),
  );
  const digest = hexOf(digestOf(Buffer.concat([first, second])));
  return digest === GOLDEN ? STANDARD : `${STANDARD}-${digest.slice(0, 16)}`;
}

/** Bytes that compress like text, the same ones always. */
export function compressionSample(length: number): Buffer {
  const sample = Buffer.allocUnsafe(length);
  let state = 12345;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    const noise = state >>> 16;
    // Repetitions at growing distances, letters of uneven frequency, and now and then any byte.
    if (index > 40_000 && noise % 3 > 0)
      sample[index] = sample[index - 1 - ((index >>> 2) % 36_000)] as number;
    else sample[index] = noise % 61 === 0 ? noise & 0xff : 97 + (noise % 7) * ((noise >>> 5) % 4);
  }
  return sample;
}
