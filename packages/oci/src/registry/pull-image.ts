import { type Platform } from '@nx-nixpack/data';
import { sanitize, UserError } from '@nx-nixpack/base';
import type { Descriptor } from '../descriptor.js';
import type { Image } from '../image.js';
import { imageFrom, MAX_CONFIG_BYTES, parseManifest } from '../image-from.js';
import { formatReference, type Reference } from '../reference.js';
import type { RegistryAccess } from './access.js';
import { Pull, readBlob, type BlobStore } from './pull.js';
import { chooseManifest } from './resolve-image.js';

export interface PullOptions extends RegistryAccess {
  readonly platform: Platform;
  readonly store: BlobStore;
}

/**
 * The image that a reference means for a platform, its blobs in the store. What the store has is not fetched again: a
 * reference by digest whose image was pulled before needs no request at all, one by tag needs one. Throws UserError.
 */
export async function pullImage(reference: Reference, options: PullOptions): Promise<Image> {
  const { platform, store } = options;
  const pull = new Pull(reference, options);
  const outer = await pull.manifest(await pull.resolve());
  const inner = chooseManifest(outer, platform, reference);
  const { bytes } = inner ? await pull.manifest(inner.digest) : outer;
  const { config, layers } = parseManifest(bytes);
  if (config.size > MAX_CONFIG_BYTES) throw tooLarge(reference, config);
  await pull.blobs([config, ...layers]);
  const configBytes = await readBlob(store, config.digest);
  const image = imageFrom(bytes, configBytes, ({ digest }) => store.openBlob(digest), 'base');
  if (image.platform !== platform) throw otherPlatform(reference, image.platform, platform);
  return image;
}

const tooLarge = (reference: Reference, { size }: Descriptor): UserError =>
  new UserError({
    code: 'BASE_INVALID',
    message: `The configuration of ${formatReference(reference)} has ${size} bytes, ${MAX_CONFIG_BYTES} are allowed`,
    hint: 'Choose another base image.',
  });

const otherPlatform = (reference: Reference, found: Platform, platform: Platform): UserError =>
  new UserError({
    code: 'BASE_INVALID',
    message: sanitize(
      `${formatReference(reference)} is an image for ${found}, not for ${platform}`,
    ),
    hint: `Choose an image for ${platform}.`,
  });
