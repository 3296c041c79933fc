import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sanitize, UserError } from '@nx-nixpack/base';
import { baseInvalid } from '../base-invalid.js';
import { type JsonObject, parseObject } from '../descriptor.js';
import type { Image, Layer, Platform } from '../image.js';
import { imageFrom, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, parseManifest } from '../image-from.js';
import type { Store } from '../store/store.js';
import { chooseManifest } from './choose-manifest.js';
import { LayoutBlobs } from './layout-blobs.js';

export interface ReadLayoutOptions {
  readonly platform: Platform;
  /** Where layers are that the layout leaves out. */
  readonly store?: Store;
  /** The image of this name, for layouts that hold several. */
  readonly name?: string;
  /**
   * `base` (the default): a foreign image, all its layers have the origin `base`, errors are BASE_INVALID.
   * `result`: what one of our tasks left, layers that our packer named are `own`, errors are CACHE_RESULT_REJECTED.
   */
  readonly as?: 'base' | 'result';
}

/**
 * Reads an image from an OCI image layout, of ours or of another tool (several manifests, nested indexes, Docker's types).
 * Manifest and configuration are hashed now, layers while they are read: all must be what their digests say.
 */
export async function readLayout(directory: string, options: ReadLayoutOptions): Promise<Image> {
  const result = options.as === 'result';
  try {
    return await Promise.resolve(read(directory, options, result ? rejected : baseInvalid));
  } catch (error) {
    if (result && error instanceof UserError && error.code === 'BASE_INVALID')
      throw rejected(error.message, error);
    throw error;
  }
}

function read(directory: string, options: ReadLayoutOptions, fail: typeof baseInvalid): Image {
  const version = readJson(directory, 'oci-layout')['imageLayoutVersion'];
  if (version !== '1.0.0')
    throw baseInvalid(`the image layout ${directory} is not of version 1.0.0`);
  const blobs = new LayoutBlobs(directory, options.store, fail);
  const chosen = chooseManifest(readJson(directory, 'index.json'), options, blobs);
  const manifest = blobs.read(chosen, MAX_MANIFEST_BYTES);
  const config = blobs.read(parseManifest(manifest).config, MAX_CONFIG_BYTES);
  const image = imageFrom(manifest, config, (layer) => blobs.open(layer), 'base');
  if (image.platform !== options.platform)
    throw baseInvalid(
      `the image is for ${image.platform}, though its index says ${options.platform}`,
    );
  return options.as === 'result' ? image.withLayers(ownLayers(image)) : image;
}

function readJson(directory: string, name: string): JsonObject {
  const path = join(directory, name);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    throw baseInvalid(`${directory} is no OCI image layout, it has no ${name}`);
  if (size > MAX_MANIFEST_BYTES)
    throw baseInvalid(`${path} is larger than ${MAX_MANIFEST_BYTES} bytes`);
  return parseObject(readFileSync(path), path, MAX_MANIFEST_BYTES);
}

/** Our packer leaves the name of each layer in the history. */
function ownLayers(image: Image): readonly Layer[] {
  const entries = image.history.filter((entry) => entry.empty_layer !== true);
  if (entries.length !== image.layers.length) return image.layers;
  return image.layers.map((layer, index) => {
    const [, name] = /^nixpack:(.+)$/.exec(entries[index]?.created_by ?? '') ?? [];
    return name === undefined ? layer : { ...layer, origin: 'own', name };
  });
}

function rejected(message: string, cause?: unknown): UserError {
  const hint = 'Run build-image again with --skip-nx-cache.';
  return new UserError(
    { code: 'CACHE_RESULT_REJECTED', message: sanitize(message), hint },
    cause === undefined ? {} : { cause },
  );
}
