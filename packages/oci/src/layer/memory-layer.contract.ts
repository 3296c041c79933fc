import { gzipSync } from 'node:zlib';
import { digestOf } from '../digest.js';
import type { Layer } from '../image.js';
import { MEDIA_TYPES } from '../media-types.js';

/** A layer of a tar that is held in memory, compressed unless `stored` says how it is stored. For small layers and specs. */
export function memoryLayer(
  tar: Uint8Array,
  stored: Uint8Array = gzipSync(tar),
  mediaType: string = MEDIA_TYPES.layerGzip,
): Layer {
  return {
    mediaType,
    digest: digestOf(stored),
    size: stored.byteLength,
    diffId: digestOf(tar),
    origin: 'base',
    async *open() {
      yield await Promise.resolve(stored);
    },
  };
}
