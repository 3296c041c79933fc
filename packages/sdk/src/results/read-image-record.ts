import { dirname, join } from 'node:path';
import { isObject, readPlainFile } from '@nx-nixpack/base';
import { parseBaseReference, type Deployment } from '@nx-nixpack/deployment';
import { digestOf, hexOf, type Digest, type RegistryAccess } from '@nx-nixpack/oci';
import { layoutDirectory } from '../bases/pin-bases.js';
import { imageRecord, type ImageRecord, type PlatformImage } from '../records/image.js';
import { componentOutputs, rejected, requireFolder } from '../records/outputs.js';
import type { BasePin } from '../records/plan.js';
import { onlyPlatform } from '../records/platforms.js';
import { readPlanned, type Planned } from './read-planned.js';
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
  const { record, bytes } = imageRecord.read(path);
  checkSeal(dirname(path), 'image', TASK, bytes, request);
  const fields = [
    ['deployment', plan.deployment],
    ['component', plan.component],
    ['planDigest', planDigest],
    ['sourceDigest', plan.source.digest],
  ] as const;
  for (const [field, wanted] of fields)
    if (record[field] !== wanted) throw rejected(`${path}: ${field} is not that of the plan`, TASK);
  await checkPlatform(path, record, planned, request);
  return record;
}

async function checkPlatform(
  path: string,
  record: ImageRecord,
  planned: Planned,
  request: BuiltImageRequest,
): Promise<void> {
  const [platform, { bases }] = onlyPlatform(planned.plan.platforms);
  const made = record.platforms[platform];
  if (made === undefined || Object.keys(record.platforms).length > 1)
    throw rejected(`${path}: platforms are not those of the plan`, TASK);
  const check = (field: string, pin: BasePin, found: PlatformImage['base'] | undefined) =>
    checkBase(path, field, pin, planned, found, request);
  // A base that was composed has no layers but ours.
  let layers: number | undefined = 0;
  for (const [field, pin] of [
    ['base', bases.build],
    ['runBase', bases.run],
  ] as const)
    if (pin !== undefined) layers = await check(field, pin, made[field]);
    else if (made[field] !== undefined)
      throw rejected(`${path}: ${field} is there, and the plan has none`, TASK);
  const wrong = made.layers.findIndex(
    ({ origin }, at) => (origin === 'base') !== at < (layers ?? 0),
  );
  if (layers !== undefined && wrong >= 0)
    throw rejected(`${path}: layers[${wrong}].origin is not that of the base`, TASK);
}

/**
 * The plan does not say which image of another component is the base: that is whatever was built there last. Gives back how
 * many layers the base has, where that is known without asking a registry.
 */
async function checkBase(
  path: string,
  field: string,
  pin: BasePin,
  { described: { deployment } }: Planned,
  found: PlatformImage['base'] | undefined,
  request: BuiltImageRequest,
): Promise<number | undefined> {
  const known = await knownBase(pin, deployment, request);
  // Its layers may be pulled by this name: it must be the plan's before that.
  if (found?.ref !== pin.reference || found.digest !== known.digest)
    throw rejected(`${path}: ${field} is not the base of the plan`, TASK);
  return known.layers;
}

async function knownBase(
  { reference, digest, component }: BasePin,
  deployment: Deployment,
  request: BuiltImageRequest,
): Promise<{ readonly digest: Digest | undefined; readonly layers?: number | undefined }> {
  if (component !== undefined) {
    const planned = await readPlannedOf(deployment, component, request);
    const made = await readImageRecord(planned, request);
    return { digest: made.digest, layers: onlyPlatform(made.platforms)[1].layers.length };
  }
  const base = parseBaseReference(reference);
  if (digest === undefined || base.kind !== 'layout') return { digest };
  return { digest, layers: layersIn(layoutDirectory(base.path, request.workspaceRoot), digest) };
}

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** Of an image in a layout; undefined when it is not there any more. */
function layersIn(directory: string, digest: Digest): number | undefined {
  const bytes = readPlainFile(join(directory, 'blobs/sha256', hexOf(digest)), MAX_MANIFEST_BYTES);
  if ('problem' in bytes || digestOf(bytes) !== digest) return undefined;
  const layers = layersOf(bytes);
  if (layers !== undefined) return layers.length;
  throw rejected(`${digest} in ${directory} is not the manifest of an image`, 'plan-image');
}

/** undefined for what is not a manifest: a plan may name anything that lies in the layout. */
function layersOf(manifest: Buffer): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(manifest.toString('utf8'));
    return isObject(value) && Array.isArray(value['layers']) ? value['layers'] : undefined;
  } catch {
    return undefined;
  }
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
