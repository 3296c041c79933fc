import { join } from 'node:path';
import { folderProblem, readPlainFile, sanitize, UserError } from '@nx-nixpack/base';
import type { Digest } from '../digest.js';
import type { Image } from '../image.js';
import { imageFrom, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, parseManifest } from '../image-from.js';
import type { Store } from '../store/store.js';
import { LayoutBlobs } from './layout-blobs.js';
import { layoutFiles } from './write-layout.js';

export interface OpenResultOptions {
  /** The image that must lie there. */
  readonly digest: Digest;
  /** Layers that the layout may leave out, and the store that has them then. */
  readonly omitted: ReadonlySet<Digest>;
  readonly store: Store;
}

export interface OpenedResult {
  readonly image: Image;
  /** Lets the files of the layers go. */
  close(): void;
}

/**
 * Opens an image that `writeLayout` left and that may have gone through other hands since. Every file of it is read and
 * must be, byte for byte, what was written for that digest; the layers stay open, so what becomes of the directory later
 * does not matter. Throws UserError CACHE_RESULT_REJECTED.
 */
export async function openResult(
  directory: string,
  options: OpenResultOptions,
): Promise<OpenedResult> {
  const blobs = new LayoutBlobs(directory, { ...options, fail: rejected, follow: false });
  try {
    const image = read(directory, options.digest, blobs);
    for (const layer of blobs.keep(image.layers, options.omitted))
      for await (const _chunk of blobs.open(layer)); // hashed while it is read
    return { image, close: () => blobs.close() };
  } catch (error) {
    blobs.close();
    if (error instanceof UserError && error.code === 'BASE_INVALID')
      throw rejected(error.message, error);
    throw error;
  }
}

function read(directory: string, digest: Digest, blobs: LayoutBlobs): Image {
  for (const folder of ['', 'blobs', 'blobs/sha256']) checkFolder(join(directory, folder));
  const manifest = blobs.read({ digest }, MAX_MANIFEST_BYTES);
  const config = blobs.read(parseManifest(manifest).config, MAX_CONFIG_BYTES);
  const image = imageFrom(manifest, config, (layer) => blobs.open(layer), 'base');
  for (const [name, text] of layoutFiles(image)) checkFile(join(directory, name), text);
  return image;
}

function checkFolder(path: string): void {
  const wrong = folderProblem(path);
  if (wrong !== undefined) throw rejected(`${path} ${wrong.problem}`);
}

function checkFile(path: string, text: string): void {
  const bytes = readPlainFile(path, MAX_MANIFEST_BYTES);
  if ('problem' in bytes) throw rejected(`${path} ${bytes.problem}`);
  if (!bytes.equals(Buffer.from(text)))
    throw rejected(`${path} is not what was written for its image`);
}

function rejected(message: string, cause?: unknown): UserError {
  const hint = 'Run build-image again with --skip-nx-cache.';
  return new UserError(
    { code: 'CACHE_RESULT_REJECTED', message: sanitize(message), hint },
    cause === undefined ? {} : { cause },
  );
}
