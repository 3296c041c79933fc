import { dirname } from 'node:path';
import { canonicalJson } from '@nx-nixpack/base';
import {
  openResult,
  parseReference,
  pullImage,
  Store,
  type Digest,
  type Image,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import { imageRecord, servedBase } from './image-record.js';
import { componentOutputs, readRecord, rejected, requireFolder } from './outputs.js';
import { readPlanned, type Planned } from './planned.js';
import { IMAGE_SHAPE } from './record-shapes.js';
import type { BasePin, ImageRecord } from './records.js';
import { checkSeal, type SealOptions } from './seal.js';
import { settled } from './settled.js';

export interface BuiltImageRequest extends SealOptions {
  readonly workspaceRoot: string;
  readonly storeDirectory: string;
  readonly access: RegistryAccess;
}

export interface BuiltImage {
  readonly record: ImageRecord;
  readonly image: Image;
  /** Lets the files of the image go. */
  close(): void;
}

const TASK = 'build-image';

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
    await fetchBaseLayers(record, request, store);
    const { digest } = record;
    const omitted = new Set(omittedLayers(record).map((layer) => layer.digest));
    const { image, close } = await openResult(outputs.layout, { digest, omitted, store });
    try {
      return { record, image: confirmed(outputs.image, image, record, planned), close };
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

function readPlannedOf(
  deployment: Planned['described']['deployment'],
  name: string,
  { workspaceRoot }: BuiltImageRequest,
): Promise<Planned> {
  const component = deployment.components.find(
    (one) => one.type === 'nixpack' && one.name === name,
  );
  if (component?.type !== 'nixpack')
    throw rejected(`There is no nixpack component "${name}" in ${deployment.file}`, 'plan-image');
  const described = { deployment, component };
  return readPlanned({ workspaceRoot, deployment: deployment.name, component: name, described });
}

/** The record as far as it can be checked without its image: its form, its seal, its plan and its bases. */
async function readImageRecord(planned: Planned, request: BuiltImageRequest): Promise<ImageRecord> {
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
  await checkBase(path, 'base', plan.bases.build, planned, record.base.digest, request);
  if (plan.bases.run !== undefined)
    await checkBase(path, 'runBase', plan.bases.run, planned, record.runBase?.digest, request);
  return record;
}

/** The plan does not say which image of another component is the base: that is whatever was built there last. */
async function checkBase(
  path: string,
  field: string,
  pin: BasePin,
  { described: { deployment } }: Planned,
  found: Digest | undefined,
  request: BuiltImageRequest,
): Promise<void> {
  let wanted = pin.digest;
  if (pin.component !== undefined) {
    const planned = await readPlannedOf(deployment, pin.component, request);
    wanted = (await readImageRecord(planned, request)).digest;
  }
  if (found !== wanted) throw rejected(`${path}: ${field} is not the base of the plan`, TASK);
}

/** Layers of a base that its registry serves are left out of the layout. */
const omittedLayers = (record: ImageRecord): ImageRecord['layers'] =>
  servedBase(record) === undefined ? [] : record.layers.filter(({ origin }) => origin === 'base');

/** Another machine's store may lack what the layout leaves out. */
async function fetchBaseLayers(
  record: ImageRecord,
  { access }: BuiltImageRequest,
  store: Store,
): Promise<void> {
  const base = servedBase(record);
  if (base === undefined || omittedLayers(record).every(({ digest }) => store.has(digest))) return;
  const platform = record.platforms[0]?.platform ?? 'linux/amd64';
  await pullImage(
    { ...parseReference(base.ref), digest: base.digest },
    { ...access, platform, store },
  );
}

/** The image with its layers as the record tells them, once every field of the record is known to be right. */
function confirmed(
  path: string,
  image: Image,
  record: ImageRecord,
  { plan, planDigest }: Planned,
): Image {
  if (image.platform !== (plan.settings.platforms[0] ?? 'linux/amd64'))
    throw rejected(`${path}: the image is for ${image.platform}, the plan is not`, TASK);
  const found = withOrigins(path, image, record);
  const bases = { build: record.base.digest, run: record.runBase?.digest };
  const expected = imageRecord({ plan, planDigest, engine: record.engine, bases }, found);
  const fields = new Set([...Object.keys(record), ...Object.keys(expected)]);
  for (const field of fields as ReadonlySet<keyof ImageRecord>)
    if (canonicalJson([record[field]]) !== canonicalJson([expected[field]]))
      throw rejected(`${path}: ${field} is not that of the image beside it`, TASK);
  return found;
}

/** Which layers are ours is in no image. A layer that the record calls ours has its name in the history, and is above the base. */
function withOrigins(path: string, image: Image, record: ImageRecord): Image {
  const names = image.history
    .filter((entry) => entry.empty_layer !== true)
    .map((entry) => /^nixpack:(.+)$/.exec(String(entry.created_by))?.[1]);
  const wrong = record.layers.findIndex(({ origin, name }, at) =>
    origin === 'own'
      ? (name ?? 'layer') !== names[at]
      : name !== undefined || record.layers[at - 1]?.origin === 'own',
  );
  if (wrong >= 0 || record.layers.length !== image.layers.length)
    throw rejected(`${path}: layers are not those of the image beside it`, TASK);
  return image.withLayers(
    image.layers.map((layer, at) => {
      const { origin = 'base', name } = record.layers[at] ?? {};
      return { ...layer, origin, ...(name === undefined ? {} : { name }) };
    }),
  );
}
