import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { canonicalJson, commitFile, syncDirectory, UserError } from '@nx-nixpack/base';
import { type Digest, hexOf } from '../digest.js';
import type { Descriptor, Image, Layer } from '../image.js';
import { MEDIA_TYPES } from '../media-types.js';
import { BlobWriter } from '../store/blob-writer.js';

export interface WriteLayoutOptions {
  /** Layers whose bytes are left out, because their reader has them from elsewhere. */
  readonly omit?: (layer: Layer) => boolean;
}

/**
 * Writes an image as an OCI image layout 1.0 with one manifest, which has the name `latest`. The index comes last, so a
 * directory with an index is complete. What is there already stays, except an index, which is replaced.
 */
export async function writeLayout(
  image: Image,
  directory: string,
  options: WriteLayoutOptions = {},
): Promise<void> {
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  for (const layer of image.layers)
    if (options.omit?.(layer) !== true) await writeLayer(layer, blobs);
  commitFile(join(blobs, hexOf(image.configDescriptor.digest)), image.configBytes);
  commitFile(join(blobs, hexOf(image.digest)), image.manifest);
  for (const [name, text] of layoutFiles(image)) commitFile(join(directory, name), text);
}

/** The files of a layout besides its blobs, in the order in which they are written. */
export const layoutFiles = (image: Image): readonly (readonly [name: string, text: string])[] => [
  ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
  ['index.json', indexJson(image)],
];

function indexJson(image: Image): string {
  const [os, architecture] = image.platform.split('/');
  const manifest = {
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.manifest.byteLength,
    platform: { architecture, os },
    annotations: { 'org.opencontainers.image.ref.name': 'latest' },
  };
  return canonicalJson({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [manifest] });
}

async function writeLayer(layer: Layer, blobs: string): Promise<void> {
  const temporary = join(blobs, `.tmp-${randomBytes(8).toString('hex')}`);
  const blob = new BlobWriter(temporary, (path, digest) =>
    renameSync(path, join(blobs, hexOf(digest))),
  );
  try {
    for await (const chunk of layer.open()) blob.write(chunk);
    blob.commit((written) => checkSame(layer, written));
    syncDirectory(blobs);
  } finally {
    blob.abort();
  }
}

function checkSame(layer: Descriptor, written: { digest: Digest; size: number }): void {
  if (layer.digest === written.digest && layer.size === written.size) return;
  throw new UserError({
    code: 'STORE_CORRUPT',
    message: `layer ${layer.digest} has other content than its digest says`,
    hint: 'Run the task again; when it fails in the same way, remove the store directory.',
  });
}
