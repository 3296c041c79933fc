import type { JsonObject } from '@nx-nixpack/base';
import { Artifact } from './artifact.js';
import { baseInvalid } from './base-invalid.js';
import type { Content } from './content.js';
import { type Descriptor, parseDescriptor, parseObject } from './descriptor.js';
import { type Image } from './image.js';
import { imageFrom, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, parseManifest } from './image-from.js';
import { entriesOf, Index } from './image-index.js';
import { CONFIG_TYPES, INDEX_TYPES, MANIFEST_TYPES } from './media-types.js';

/** Where manifests and blobs come from. Whoever gives them has checked the digest. */
export interface ContentSource {
  /** The bytes of a manifest or configuration; its size is at most `limit`. */
  read(descriptor: Descriptor, limit: number): Promise<Uint8Array>;
  open(blob: Descriptor): AsyncIterable<Uint8Array>;
}

/** What the manifests and configurations of one index may take in memory. Images for all platforms there are take less. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What a descriptor names: an image, an index of images, or an artifact. Throws UserError BASE_INVALID. */
export async function readContent(
  descriptor: Descriptor,
  given: ContentSource,
): Promise<Image | Index | Artifact> {
  const source = bounded(given);
  const manifest = await source.read(descriptor, MAX_MANIFEST_BYTES);
  if (!INDEX_TYPES.has(descriptor.mediaType)) return readManifest(descriptor, manifest, source);
  const contents: Content[] = [];
  for (const entry of entriesOf(manifest)) {
    if (INDEX_TYPES.has(entry.mediaType))
      throw baseInvalid('The image index holds further indexes');
    const inner = await source.read(entry, MAX_MANIFEST_BYTES);
    contents.push(await readManifest(entry, inner, source));
  }
  return Index.existing(manifest, contents);
}

/** Gives no more than descriptors say and than is held in memory, and asks for nothing that is larger. */
function bounded({ read, open }: ContentSource): ContentSource {
  let left = MAX_BYTES;
  return {
    open,
    async read(descriptor, limit) {
      const { digest, size } = descriptor;
      if (size > Math.min(limit, left)) throw baseInvalid(`${digest} is too large (${size} bytes)`);
      left -= size;
      const bytes = await read(descriptor, limit);
      if (bytes.byteLength === size) return bytes;
      throw baseInvalid(`${digest} has ${bytes.byteLength} bytes, not the ${size} it should have`);
    },
  };
}

async function readManifest(
  { mediaType }: Descriptor,
  manifest: Uint8Array,
  source: ContentSource,
): Promise<Image | Artifact> {
  if (!MANIFEST_TYPES.has(mediaType)) throw baseInvalid(`"${mediaType}" is not a manifest`);
  const outer = parseObject(manifest, 'the manifest', MAX_MANIFEST_BYTES);
  if (!isImage(outer)) return Artifact.existing(manifest, (blob) => source.open(blob));
  const config = await source.read(parseManifest(manifest).config, MAX_CONFIG_BYTES);
  // BuildKit keeps provenance as images for an unknown platform.
  const { os } = parseObject(config, 'the image configuration', MAX_CONFIG_BYTES);
  if (os === 'unknown') return Artifact.existing(manifest, (blob) => source.open(blob));
  return imageFrom(manifest, config, (layer) => source.open(layer), 'base');
}

function isImage({ artifactType, config }: JsonObject): boolean {
  const { mediaType } = parseDescriptor(config, 'the configuration of the manifest');
  return artifactType === undefined && CONFIG_TYPES.has(mediaType);
}
