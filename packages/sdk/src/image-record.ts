import { dirname, join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { digestOf, writeLayout, type Digest, type Image } from '@nx-nixpack/oci';
import { componentOutputs, readOutput, writeRecord } from './outputs.js';
import { PreparedFolder } from './prepared-folder.js';
import { COMPAT_VERSION, type BasePin, type ImageRecord, type PlanRecord } from './records.js';
import { writeSeal, type SealOptions } from './seal.js';
import { withOutputLock } from './system/output-lock.js';

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

const isServed = (reference: string): boolean =>
  !reference.startsWith('oci:') && !reference.includes('{{');

export interface LeaveOptions extends SealOptions {
  readonly workspaceRoot: string;
  readonly signal: AbortSignal;
}

/**
 * Leaves an image and its record, which is written last, in the component's outputs. Builds of one component may end at
 * the same time: the same result stays as it is, and a build whose plan is not the present one any more (the orphan of a
 * run that was killed) leaves nothing. Throws UserError SOURCE_CHANGED then, ENGINE_ABORTED when it was told to stop.
 */
export async function leaveImage(
  image: Image,
  record: ImageRecord,
  options: LeaveOptions,
): Promise<void> {
  const outputs = componentOutputs(options.workspaceRoot, record.deployment, record.component);
  const served = isServed((record.runBase ?? record.base).ref);
  const folder = new PreparedFolder(dirname(outputs.image));
  try {
    await writeLayout(image, join(folder.path, 'oci'), {
      omit: ({ origin }) => served && origin === 'base',
    });
    const bytes = writeRecord(join(folder.path, 'image.json'), record);
    writeSeal(folder.path, 'image', bytes, options);
    await withOutputLock(outputs.root, options.signal, () => {
      options.signal.throwIfAborted();
      requirePresent(outputs.plan, record);
      folder.swapIn();
    });
  } catch (error) {
    if (options.signal.aborted && !(error instanceof UserError)) throw aborted(error);
    throw error;
  } finally {
    folder.discard();
  }
}

/** Planning comes before building, so an output of a newer plan can only be there when the plan is there too. */
function requirePresent(plan: string, { component, planDigest }: ImageRecord): void {
  if (digestOf(readOutput(plan, 'plan-image')) === planDigest) return;
  throw new UserError({
    code: 'SOURCE_CHANGED',
    message: `${component} was planned anew while it was built, so this image is left out`,
    hint: 'Run the task again.',
  });
}

const aborted = (cause: unknown): UserError =>
  new UserError(
    {
      code: 'ENGINE_ABORTED',
      message: 'The build was stopped before its image was left',
      hint: 'Run the task again.',
    },
    { cause },
  );
