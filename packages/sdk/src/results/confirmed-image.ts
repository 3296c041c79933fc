import { canonicalJson } from '@nx-nixpack/base';
import type { Image } from '@nx-nixpack/oci';
import { imageOf, type ImageRecord, type PlatformImage } from '../records/image.js';
import { rejected } from '../records/outputs.js';
import { onlyPlatform } from '../records/platforms.js';
import type { Planned } from './read-planned.js';

const TASK = 'build-image';

/** The image with its layers as the record tells them, once every field of the record is known to be right. */
export function confirmedImage(
  path: string,
  image: Image,
  record: ImageRecord,
  { plan, planDigest }: Planned,
): Image {
  const [platform, made] = onlyPlatform(record.platforms);
  if (image.platform !== platform)
    throw rejected(`${path}: the image is for ${image.platform}, the plan is not`, TASK);
  const found = withOrigins(path, image, made);
  const bases = { build: made.base?.digest, run: made.runBase?.digest };
  const expected = imageOf({ plan, planDigest, bases }, found);
  requireEqual(path, '', record, expected);
  return found;
}

/** Names the first field that differs, the platform's own ones in full. */
function requireEqual(path: string, prefix: string, found: object, expected: object): void {
  const [a, b] = [new Map(Object.entries(found)), new Map(Object.entries(expected))];
  for (const field of new Set([...a.keys(), ...b.keys()])) {
    if (canonicalJson([a.get(field)]) === canonicalJson([b.get(field)])) continue;
    const inner: [unknown, unknown] = [a.get(field), b.get(field)];
    if (prefix.split('.').length < 3 && inner.every(isObject))
      requireEqual(path, `${prefix}${field}.`, inner[0] as object, inner[1] as object);
    throw rejected(`${path}: ${prefix}${field} is not that of the image beside it`, TASK);
  }
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Which layers are ours is in no image. A layer that the record calls ours has its name in the history, and is above the base. */
function withOrigins(path: string, image: Image, record: PlatformImage): Image {
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
