import { isDigest, MEDIA_TYPES, type LayerParts } from '@nx-nixpack/oci';

/** The parts of a layer of ours as a record holds them; undefined when it holds anything else. */
export function parseLayerParts(value: unknown): LayerParts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { mediaType, digest, size, diffId, origin, name } = value as Record<string, unknown>;
  if (mediaType !== MEDIA_TYPES.layerGzip || origin !== 'own') return undefined;
  if (!isDigest(digest) || !isDigest(diffId)) return undefined;
  if (!Number.isSafeInteger(size) || (size as number) <= 0) return undefined;
  if (name !== undefined && typeof name !== 'string') return undefined;
  const parts = { mediaType, digest, size: size as number, diffId, origin } as const;
  return name === undefined ? parts : { ...parts, name };
}
