import { dirname, join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { digestOf, writeLayout, type Image } from '@nx-nixpack/oci';
import { imageRecord, servedBase, type ImageRecord } from '../records/image.js';
import { componentOutputs, readOutput } from '../records/outputs.js';
import type { PlatformPlan } from '../records/plan.js';
import { withOutputLock } from '../system/output-lock.js';
import { PreparedFolder } from './prepared-folder.js';
import { writeSeal, type SealOptions } from './seal.js';

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
  planned: PlatformPlan,
  options: LeaveOptions,
): Promise<void> {
  const outputs = componentOutputs(options.workspaceRoot, record.deployment, record.component);
  const served = servedBase(planned) !== undefined;
  const folder = new PreparedFolder(dirname(outputs.image));
  try {
    await writeLayout(image, join(folder.path, 'oci'), {
      omit: ({ origin }) => served && origin === 'base',
    });
    const bytes = imageRecord.write(join(folder.path, 'image.json'), record);
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
