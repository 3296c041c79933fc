import { join } from 'node:path';
import { type Platform } from '@nx-nixpack/data';
import { type JsonObject, readPlainFile } from '@nx-nixpack/base';
import { baseInvalid, OTHER_CONTENT, withHint } from '../base-invalid.js';
import { parseObject } from '../descriptor.js';
import type { Artifact } from '../artifact.js';
import type { Image } from '../image.js';
import type { Index } from '../image-index.js';
import { imageFrom, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, parseManifest } from '../image-from.js';
import type { Store } from '../store/store.js';
import { readContent } from '../read-content.js';
import { chooseManifest, onlyEntry } from './choose-manifest.js';
import { LayoutBlobs } from './layout-blobs.js';

export interface ReadLayoutOptions {
  readonly platform: Platform;
  /** Where layers are that the layout leaves out. */
  readonly store?: Store;
  /** The image of this name, for layouts that hold several. */
  readonly name?: string;
}

/**
 * Reads an image from an OCI image layout, of ours or of another tool (several manifests, nested indexes, Docker's types).
 * Manifest and configuration are hashed now, layers while they are read: all must be what their digests say. All layers
 * have the origin `base`. Throws UserError BASE_INVALID.
 */
export async function readLayout(directory: string, options: ReadLayoutOptions): Promise<Image> {
  return Promise.resolve(read(directory, options));
}

/**
 * Reads the one thing that an OCI image layout lists, or the one of a name: an image, an index with all its images, or an
 * artifact. What it holds is hashed as `readLayout` does. Throws UserError BASE_INVALID.
 */
export const readLayoutContent = (
  directory: string,
  options: Omit<ReadLayoutOptions, 'platform'> = {},
): Promise<Image | Index | Artifact> => withHint(OTHER_CONTENT, () => readAll(directory, options));

async function readAll(
  directory: string,
  options: Omit<ReadLayoutOptions, 'platform'>,
): Promise<Image | Index | Artifact> {
  const blobs = openBlobs(directory, options);
  const entry = onlyEntry(readJson(directory, 'index.json'), options.name);
  return readContent(entry, {
    read: (descriptor, limit) => Promise.resolve(blobs.read(descriptor, limit)),
    open: (blob) => blobs.open(blob),
  });
}

function openBlobs(directory: string, { store }: Pick<ReadLayoutOptions, 'store'>): LayoutBlobs {
  const version = readJson(directory, 'oci-layout')['imageLayoutVersion'];
  if (version !== '1.0.0')
    throw baseInvalid(`The image layout ${directory} is not of version 1.0.0`);
  return new LayoutBlobs(directory, { store, follow: true });
}

function read(directory: string, options: ReadLayoutOptions): Image {
  const blobs = openBlobs(directory, options);
  const chosen = chooseManifest(readJson(directory, 'index.json'), options, blobs);
  const manifest = blobs.read(chosen, MAX_MANIFEST_BYTES);
  const config = blobs.read(parseManifest(manifest).config, MAX_CONFIG_BYTES);
  const image = imageFrom(manifest, config, (layer) => blobs.open(layer), 'base');
  if (image.platform !== options.platform)
    throw baseInvalid(
      `The image is for ${image.platform}, though its index says ${options.platform}`,
    );
  return image;
}

function readJson(directory: string, name: string): JsonObject {
  const path = join(directory, name);
  const bytes = readPlainFile(path, MAX_MANIFEST_BYTES, { follow: true });
  if (!('problem' in bytes)) return parseObject(bytes, path, MAX_MANIFEST_BYTES);
  throw baseInvalid(
    bytes.missing
      ? `${directory} is not an OCI image layout, it has no ${name}`
      : `${path} ${bytes.problem}`,
  );
}
