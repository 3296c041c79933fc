import type { Layer } from '../image.js';
import type { Store } from '../store/store.js';

/** A layer without its bytes. */
export type LayerParts = Omit<Layer, 'open'>;

export function layerParts({
  mediaType,
  digest,
  size,
  diffId,
  origin,
  name,
}: LayerParts): LayerParts {
  const parts = { mediaType, digest, size, diffId, origin };
  return name === undefined ? parts : { ...parts, name };
}

/** A layer whose stored bytes are a blob of the store. */
export function layerFromStore(store: Store, parts: LayerParts): Layer {
  const { digest } = parts;
  return { ...layerParts(parts), open: () => store.openBlob(digest) };
}
