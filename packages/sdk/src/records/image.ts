import { list, oneOf, optional, struct } from '@nx-nixpack/data';
import { parseBaseReference } from '@nx-nixpack/deployment';
import type { Digest, Image } from '@nx-nixpack/oci';
import { recordCodec, type RecordOf } from './codec.js';
import { count, digest, perPlatform, string } from './fields.js';
import { onlyPlatform } from './platforms.js';
import type { BasePin, PlanRecord, PlatformPlan } from './plan.js';

const base = struct({ ref: string, digest });

const layer = struct({
  digest,
  diffId: digest,
  size: count,
  mediaType: string,
  origin: oneOf('base', 'own'),
  name: optional(string),
});

/** image.json, written last: what build-image made. Nothing in it that its reader cannot check. */
export const imageRecord = recordCodec({
  task: 'build-image',
  schemaVersion: 2,
  fields: {
    deployment: string,
    component: string,
    planDigest: digest,
    sourceDigest: digest,
    /** What the result is named by, and pushed as. */
    digest,
    platforms: perPlatform(
      struct({
        provider: string,
        digest,
        mediaType: string,
        /** Bytes of manifest, configuration and layers as pushed. */
        size: count,
        /** The base that was built on; absent where it was composed, and its layers are ours. */
        base: optional(base),
        /** The base that the image starts with, where that is another one. */
        runBase: optional(base),
        layers: list(layer),
      }),
    ),
  },
});

export type ImageRecord = RecordOf<typeof imageRecord>;
/** What was made for one platform. */
export type PlatformImage = ImageRecord['platforms'][string];

/** What an image was made from, as far as its record tells. */
export interface Made {
  readonly plan: PlanRecord;
  readonly planDigest: Digest;
  /** Digests of the bases; `run` only where there is one. */
  readonly bases: { readonly build?: Digest | undefined; readonly run?: Digest | undefined };
}

/** What build-image says of the image it made, and what whoever reads the record expects it to say. */
export function imageOf({ plan, planDigest, bases }: Made, image: Image): ImageRecord {
  const [platform, planned] = onlyPlatform(plan.platforms);
  return {
    deployment: plan.deployment,
    component: plan.component,
    planDigest,
    sourceDigest: plan.source.digest,
    digest: image.digest,
    platforms: { [platform]: platformImage(planned, bases, image) },
  };
}

function platformImage(
  { providers, bases: { build, run } }: PlatformPlan,
  digests: Made['bases'],
  image: Image,
): PlatformImage {
  return {
    provider: providers.join(','),
    digest: image.digest,
    mediaType: image.mediaType,
    size: image.size,
    ...named('base', build, digests.build),
    ...named('runBase', run, digests.run),
    layers: image.layers.map(({ digest, diffId, size, mediaType, origin, name }) => ({
      digest,
      diffId,
      size,
      mediaType,
      origin,
      ...(name === undefined ? {} : { name }),
    })),
  };
}

const named = (field: 'base' | 'runBase', pin: BasePin | undefined, digest: Digest | undefined) =>
  pin === undefined || digest === undefined ? {} : { [field]: { ref: pin.reference, digest } };

/** What a registry serves: a pin that surely has a digest. */
export interface ServedBase {
  readonly reference: string;
  readonly digest: Digest;
}

/**
 * The pin of the base whose layers the image has; undefined when no registry serves it. From the plan, never from a record
 * of an image, which a cache may have changed: it says whom to ask.
 */
export function servedBase({ bases }: PlatformPlan): ServedBase | undefined {
  const pin = bases.run ?? bases.build;
  return pin !== undefined && isServed(pin) ? pin : undefined;
}

const isServed = (pin: BasePin): pin is BasePin & ServedBase =>
  pin.component === undefined &&
  pin.digest !== undefined &&
  parseBaseReference(pin.reference).kind === 'registry';
