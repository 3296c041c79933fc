import { dirname } from 'node:path';
import type { Deployment } from '@nx-nixpack/deployment';
import type { RegistryAccess } from '@nx-nixpack/oci';
import { componentOutputs, readRecord, rejected, requireFolder } from '../records/outputs.js';
import { readPlanned, type Planned } from './read-planned.js';
import { IMAGE_SHAPE } from '../records/shapes.js';
import type { BasePin, ImageRecord } from '../records/records.js';
import { checkSeal, type SealOptions } from './seal.js';

export interface BuiltImageRequest extends SealOptions {
  readonly workspaceRoot: string;
  readonly storeDirectory: string;
  readonly access: RegistryAccess;
}

const TASK = 'build-image';

/** The record as far as it can be checked without its image: its form, its seal, its plan and its bases. */
export async function readImageRecord(
  planned: Planned,
  request: BuiltImageRequest,
): Promise<ImageRecord> {
  const { plan, planDigest } = planned;
  const { image: path } = componentOutputs(request.workspaceRoot, plan.deployment, plan.component);
  requireFolder(dirname(path), TASK);
  const { record, bytes } = readRecord<ImageRecord>(path, TASK, IMAGE_SHAPE);
  checkSeal(dirname(path), 'image', TASK, bytes, request);
  const fields = [
    ['deployment', plan.deployment],
    ['component', plan.component],
    ['planDigest', planDigest],
    ['sourceDigest', plan.source.digest],
  ] as const;
  for (const [field, wanted] of fields)
    if (record[field] !== wanted) throw rejected(`${path}: ${field} is not that of the plan`, TASK);
  await checkBase(path, 'base', plan.bases.build, planned, record.base, request);
  if (plan.bases.run !== undefined)
    await checkBase(path, 'runBase', plan.bases.run, planned, record.runBase, request);
  else if (record.runBase !== undefined)
    throw rejected(`${path}: runBase is there, and the plan has none`, TASK);
  return record;
}

/** The plan does not say which image of another component is the base: that is whatever was built there last. */
async function checkBase(
  path: string,
  field: string,
  pin: BasePin,
  { described: { deployment } }: Planned,
  found: ImageRecord['base'] | undefined,
  request: BuiltImageRequest,
): Promise<void> {
  let wanted = pin.digest;
  if (pin.component !== undefined) {
    const planned = await readPlannedOf(deployment, pin.component, request);
    wanted = (await readImageRecord(planned, request)).digest;
  }
  // Its layers may be pulled by this name: it must be the plan's before that.
  if (found?.ref !== pin.reference || found.digest !== wanted)
    throw rejected(`${path}: ${field} is not the base of the plan`, TASK);
}

/** What was planned for another component of the deployment. */
export function readPlannedOf(
  deployment: Deployment,
  name: string,
  { workspaceRoot }: BuiltImageRequest,
): Promise<Planned> {
  const component = deployment.components.find(
    (one) => one.type === 'nixpack' && one.name === name,
  );
  if (component?.type !== 'nixpack')
    throw rejected(`There is no nixpack component "${name}" in ${deployment.file}`, 'plan-image');
  const described = { deployment, component };
  return readPlanned({
    workspaceRoot,
    deployment: deployment.name,
    component: component.id,
    described,
  });
}
