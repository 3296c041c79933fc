import type { Digest, Image } from '@nx-nixpack/oci';
import { COMPAT_VERSION, type BasePin, type ImageRecord, type PlanRecord } from './records.js';

/** What an image was made from, as far as its record tells. */
export interface Made {
  readonly plan: PlanRecord;
  readonly planDigest: Digest;
  readonly engine: ImageRecord['engine'];
  /** Digests of the bases; `run` only where there is one. */
  readonly bases: { readonly build: Digest; readonly run?: Digest | undefined };
}

/** What build-image says of the image it made, and what whoever reads the record expects it to say. */
export function imageRecord({ plan, planDigest, engine, bases }: Made, image: Image): ImageRecord {
  const { build, run } = plan.bases;
  return {
    schemaVersion: 1,
    deployment: plan.deployment,
    component: plan.component,
    provider: plan.providers.join(','),
    engine,
    digest: image.digest,
    mediaType: image.mediaType,
    size: image.size,
    platforms: [{ platform: image.platform, digest: image.digest }],
    base: { ref: build.reference, digest: bases.build },
    ...(run === undefined || bases.run === undefined
      ? {}
      : { runBase: { ref: run.reference, digest: bases.run } }),
    layers: image.layers.map(({ digest, diffId, size, mediaType, origin, name }) => ({
      digest,
      diffId,
      size,
      mediaType,
      origin,
      ...(name === undefined ? {} : { name }),
    })),
    sourceDigest: plan.source.digest,
    planDigest,
    compatVersion: COMPAT_VERSION,
  };
}

/** What a registry serves: a pin that surely has a digest. */
type ServedBase = Required<Omit<BasePin, 'component'>>;

/**
 * The pin of the base whose layers the image has; undefined when no registry serves it. From the plan, never from a record
 * of an image, which a cache may have changed: it says whom to ask.
 */
export function servedBase({ bases }: PlanRecord): ServedBase | undefined {
  const { reference, digest, component } = bases.run ?? bases.build;
  if (component !== undefined || digest === undefined || !isServed(reference)) return undefined;
  return { reference, digest };
}

export const isServed = (reference: string): boolean =>
  !reference.startsWith('oci:') && !reference.includes('{{');
