import type { Platform } from '@nx-nixpack/data';
import { dirname } from 'node:path';
import { openResult, parseReference, pullImage, Store, type Image } from '@nx-nixpack/oci';
import { confirmedImage } from './confirmed-image.js';
import { servedBase, type ImageRecord, type PlatformImage } from '../records/image.js';
import { componentOutputs } from '../records/outputs.js';
import type { Planned } from './read-planned.js';
import { readImageRecord, readPlannedOf, type BuiltImageRequest } from './read-image-record.js';
import type { PlatformPlan } from '../records/plan.js';
import { onlyPlatform } from '../records/platforms.js';
import { settled } from './settled.js';

export interface BuiltImage {
  readonly record: ImageRecord;
  readonly image: Image;
  /** Lets the files of the image go. */
  close(): void;
}

/**
 * The image that build-image left for a plan. What a cache restored is not trusted: the record must be, field by field,
 * what this plan and the image beside it give, every file of the image is hashed, and the files stay open, so that what
 * is pushed later is what was looked at. Throws UserError CACHE_RESULT_REJECTED.
 */
export function openBuiltImage(planned: Planned, request: BuiltImageRequest): Promise<BuiltImage> {
  const { deployment, component } = planned.plan;
  const outputs = componentOutputs(request.workspaceRoot, deployment, component);
  return settled(dirname(outputs.image), async () => {
    const record = await readImageRecord(planned, request);
    const store = Store.open(request.storeDirectory);
    const [platform, plan] = onlyPlatform(planned.plan.platforms);
    const layers = omittedLayers(onlyPlatform(record.platforms)[1], plan);
    await fetchBaseLayers(layers, plan, platform, request, store);
    const { digest } = record;
    const omitted = new Set(layers.map((layer) => layer.digest));
    const { image, close } = await openResult(outputs.layout, { digest, omitted, store });
    try {
      return { record, image: confirmedImage(outputs.image, image, record, planned), close };
    } catch (error) {
      close();
      throw error;
    }
  });
}

/** The image of another component of the deployment, to build on. Its layers are those of a base then. */
export async function openComponentImage(
  { described: { deployment } }: Planned,
  name: string,
  request: BuiltImageRequest,
): Promise<BuiltImage> {
  const planned = await readPlannedOf(deployment, name, request);
  const built = await openBuiltImage(planned, request);
  const layers = built.image.layers.map(({ name: _name, ...layer }) => ({
    ...layer,
    origin: 'base' as const,
  }));
  return { ...built, image: built.image.withLayers(layers) };
}

type Layers = PlatformImage['layers'];

/** Layers of a base that its registry serves are left out of the layout. */
const omittedLayers = ({ layers }: PlatformImage, plan: PlatformPlan): Layers =>
  servedBase(plan) === undefined ? [] : layers.filter(({ origin }) => origin === 'base');

/** A damaged one is removed by the look at it, and fetched like one that was never there. */
async function allIntact(store: Store, layers: Layers): Promise<boolean> {
  let intact = true;
  for (const { digest } of layers)
    intact = store.has(digest) && (await store.check(digest)) && intact;
  return intact;
}

/** Another machine's store may lack what the layout leaves out. */
async function fetchBaseLayers(
  layers: Layers,
  plan: PlatformPlan,
  platform: Platform,
  { access }: BuiltImageRequest,
  store: Store,
): Promise<void> {
  const base = servedBase(plan);
  if (base === undefined || (await allIntact(store, layers))) return;
  await pullImage(
    { ...parseReference(base.reference), digest: base.digest },
    { ...access, platform, store },
  );
}
