import { type Platform } from '@nx-nixpack/data';
import { isObject, type JsonObject } from '@nx-nixpack/base';
import { baseInvalid } from '../base-invalid.js';
import { parseDescriptor, parseObject, type Descriptor } from '../descriptor.js';
import { MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, parseManifest } from '../image-from.js';
import { CONFIG_TYPES, INDEX_TYPES, MANIFEST_TYPES } from '../media-types.js';
import type { LayoutBlobs } from './layout-blobs.js';

const MAX_DEPTH = 4;
const MAX_MANIFESTS = 1000;
const REF_NAME = 'org.opencontainers.image.ref.name';

interface Candidate {
  readonly descriptor: Descriptor;
  /** undefined when the index does not say. */
  readonly platform: string | undefined;
}

export interface Wanted {
  readonly platform: Platform;
  /** The image of this name (annotation of the index), for layouts that hold several. */
  readonly name?: string;
}

/** The one manifest of a layout that is for a platform. Indexes may be nested; attestations do not count. */
export function chooseManifest(index: JsonObject, wanted: Wanted, blobs: LayoutBlobs): Descriptor {
  const candidates = [...manifestsOf(namedOnly(index, wanted.name), blobs, 0)];
  if (candidates.length > MAX_MANIFESTS)
    throw baseInvalid('The image layout holds too many manifests');
  const fitting = candidates.filter(
    ({ descriptor, platform }) => (platform ?? platformOf(descriptor, blobs)) === wanted.platform,
  );
  const digests = new Set(fitting.map(({ descriptor }) => descriptor.digest));
  const [first] = fitting;
  if (first === undefined)
    throw baseInvalid(`The image layout holds no image for ${wanted.platform}`);
  if (digests.size > 1)
    throw baseInvalid(`The image layout holds ${digests.size} images for ${wanted.platform}`);
  return first.descriptor;
}

/** The entry of a layout's index, of a name when it is given. Throws UserError BASE_INVALID for none and for several. */
export function onlyEntry(index: JsonObject, name: string | undefined): Descriptor {
  const { manifests } = namedOnly(index, name);
  const [only, ...more] = Array.isArray(manifests) ? (manifests as unknown[]) : [];
  if (only === undefined || more.length > 0)
    throw baseInvalid(
      `The image layout lists ${more.length + Number(only !== undefined)} things, not one`,
    );
  return parseDescriptor(only, 'a manifest of the image index');
}

function namedOnly(index: JsonObject, name: string | undefined): JsonObject {
  if (name === undefined || !Array.isArray(index['manifests'])) return index;
  const hasName = (entry: unknown): boolean =>
    isObject(entry) && isObject(entry['annotations']) && entry['annotations'][REF_NAME] === name;
  return { ...index, manifests: index['manifests'].filter(hasName) };
}

function* manifestsOf(index: JsonObject, blobs: LayoutBlobs, depth: number): Generator<Candidate> {
  const { schemaVersion, manifests } = index;
  if (schemaVersion !== 2 || !Array.isArray(manifests))
    throw baseInvalid('The image index is malformed');
  if (depth > MAX_DEPTH) throw baseInvalid('The image index is nested too deeply');
  if (manifests.length > MAX_MANIFESTS)
    throw baseInvalid('The image index lists too many manifests');
  for (const entry of manifests as unknown[]) {
    const descriptor = parseDescriptor(entry, 'a manifest of the image index');
    if (INDEX_TYPES.has(descriptor.mediaType))
      yield* manifestsOf(
        parseObject(
          blobs.read(descriptor, MAX_MANIFEST_BYTES),
          'a nested image index',
          MAX_MANIFEST_BYTES,
        ),
        blobs,
        depth + 1,
      );
    else if (MANIFEST_TYPES.has(descriptor.mediaType) && !isAttestation(entry as JsonObject))
      yield { descriptor, platform: declaredPlatform(entry as JsonObject) };
  }
}

/** BuildKit keeps provenance beside the images of an index, as images for an unknown platform. */
function isAttestation(entry: JsonObject): boolean {
  return (
    isObject(entry['annotations']) &&
    entry['annotations']['vnd.docker.reference.type'] !== undefined
  );
}

function declaredPlatform({ platform }: JsonObject): string | undefined {
  return isObject(platform)
    ? `${String(platform['os'])}/${String(platform['architecture'])}`
    : undefined;
}

/** The platform as the image's own configuration has it; undefined for what is not an image. */
function platformOf(descriptor: Descriptor, blobs: LayoutBlobs): string | undefined {
  const { config } = parseManifest(blobs.read(descriptor, MAX_MANIFEST_BYTES));
  if (!CONFIG_TYPES.has(config.mediaType)) return undefined;
  return declaredPlatform({
    platform: parseObject(
      blobs.read(config, MAX_CONFIG_BYTES),
      'the image configuration',
      MAX_CONFIG_BYTES,
    ),
  });
}
