import type { Layer } from '../image.js';
import type { Store } from '../store/store.js';

export type LayerParts = Omit<Layer, 'open'>;

/** A layer whose stored bytes are a blob of the store. */
export function layerFromStore(store: Store, parts: LayerParts): Layer {
  const { mediaType, digest, size, diffId, origin, name } = parts;
  return {
    mediaType,
    digest,
    size,
    diffId,
    origin,
    ...(name === undefined ? {} : { name }),
    open: () => store.openBlob(digest),
  };
}
