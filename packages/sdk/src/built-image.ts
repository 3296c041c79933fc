import { UserError } from '@nx-nixpack/base';
import {
  digestOf,
  parseReference,
  pullImage,
  readLayout,
  Store,
  type Image,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import { componentOutputs, readRecord, rejected } from './outputs.js';
import type { ImageRecord } from './records.js';

export interface BuiltImageRequest {
  readonly workspaceRoot: string;
  readonly deployment: string;
  readonly component: string;
  readonly storeDirectory: string;
  readonly access: RegistryAccess;
}

export interface BuiltImage {
  readonly record: ImageRecord;
  readonly image: Image;
}

/**
 * The image that build-image left. What a cache restored is not trusted: record, manifest, configuration and layers must
 * agree (UserError CACHE_RESULT_REJECTED), and layers are hashed again when they are read.
 */
export async function readBuiltImage(request: BuiltImageRequest): Promise<BuiltImage> {
  const { workspaceRoot, deployment, component } = request;
  const outputs = componentOutputs(workspaceRoot, deployment, component);
  const { record } = readRecord<ImageRecord>(outputs.image, 'build-image');
  await fetchBaseLayers(record, request);
  const image = await openLayout(outputs.layout, record, Store.open(request.storeDirectory));
  verify(record, image);
  return { record, image };
}

async function openLayout(directory: string, record: ImageRecord, store: Store): Promise<Image> {
  const platform = record.platforms[0]?.platform ?? 'linux/amd64';
  try {
    return await readLayout(directory, { platform, store, as: 'result' });
  } catch (error) {
    if (!(error instanceof UserError) && (error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw error;
    throw rejected(
      `The image below ${directory} cannot be read: ${(error as Error).message}`,
      'build-image',
    );
  }
}

function verify(record: ImageRecord, image: Image): void {
  const same =
    image.digest === record.digest &&
    digestOf(image.manifest) === record.digest &&
    image.layers.length === record.layers.length &&
    image.layers.every((layer, at) => {
      const recorded = record.layers[at];
      return (
        recorded?.digest === layer.digest &&
        recorded.diffId === layer.diffId &&
        recorded.size === layer.size
      );
    });
  if (!same) throw rejected('image.json and the image beside it disagree', 'build-image');
}

/** Layers of a base that its registry serves are left out of the layout; another machine's store may lack them. */
async function fetchBaseLayers(record: ImageRecord, request: BuiltImageRequest): Promise<void> {
  const store = Store.open(request.storeDirectory);
  const missing = record.layers.filter(
    ({ origin, digest }) => origin === 'base' && !store.has(digest),
  );
  const { ref, digest } = record.base;
  if (missing.length === 0 || ref.startsWith('oci:') || ref.includes('{{')) return;
  const platform = record.platforms[0]?.platform ?? 'linux/amd64';
  await pullImage({ ...parseReference(ref), digest }, { ...request.access, platform, store });
}
