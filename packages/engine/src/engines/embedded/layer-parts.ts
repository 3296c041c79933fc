import type { Layer } from '@nx-nixpack/oci';

/** A layer without its bytes, which are in the store. */
export type LayerParts = Omit<Layer, 'open'>;

export function layerParts({ mediaType, digest, size, diffId, origin, name }: Layer): LayerParts {
  const parts = { mediaType, digest, size, diffId, origin };
  return name === undefined ? parts : { ...parts, name };
}
