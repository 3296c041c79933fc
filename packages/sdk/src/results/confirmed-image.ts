import { canonicalJson } from '@nx-nixpack/base';
import type { Image } from '@nx-nixpack/oci';
import { imageRecord } from '../records/image.js';
import { rejected } from '../records/outputs.js';
import type { Planned } from './read-planned.js';
import type { ImageRecord } from '../records/records.js';

const TASK = 'build-image';

/** The image with its layers as the record tells them, once every field of the record is known to be right. */
export function confirmedImage(
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
