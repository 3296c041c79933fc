import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { canonicalJson, commitFile, syncDirectory, UserError } from '@nx-nixpack/base';
import { blobsOf, contentsOf, descriptorOf, type Blob, type Content } from '../content.js';
import { type Digest, hexOf } from '../digest.js';
import type { Descriptor } from '../descriptor.js';
import { Image, type Layer } from '../image.js';
import { MEDIA_TYPES } from '../media-types.js';
import { BlobWriter } from '../store/blob-writer.js';

export interface WriteLayoutOptions {
  /** Layers whose bytes are left out, because their reader has them from elsewhere. */
  readonly omit?: (layer: Layer) => boolean;
}

/**
 * Writes an image, an index or an artifact as an OCI image layout 1.0, under the name `latest`. The layout's index comes
 * last, so a directory with one is complete. What is there already stays, except the index, which is replaced.
 */
export async function writeLayout(
  content: Content,
  directory: string,
  options: WriteLayoutOptions = {},
): Promise<void> {
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const omitted = omittedFrom(content, options);
  for (const blob of blobsOf(content)) if (!omitted.has(blob.digest)) await writeBlob(blob, blobs);
  for (const { digest, manifest } of contentsOf(content))
    commitFile(join(blobs, hexOf(digest)), manifest);
  for (const [name, text] of layoutFiles(content)) commitFile(join(directory, name), text);
}

/** The files of a layout besides its blobs, in the order in which they are written. */
export const layoutFiles = (
  content: Content,
): readonly (readonly [name: string, text: string])[] => [
  ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
  ['index.json', indexJson(content)],
];

function indexJson(content: Content): string {
  const { annotations, ...listed } = content.listed;
  const manifest = {
    ...descriptorOf(content),
    ...listed,
    annotations: { ...annotations, 'org.opencontainers.image.ref.name': 'latest' },
  };
  return canonicalJson({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [manifest] });
}

function omittedFrom(content: Content, { omit }: WriteLayoutOptions): ReadonlySet<Digest> {
  if (omit === undefined) return new Set();
  const images = [...contentsOf(content)].filter((one) => one instanceof Image);
  const layers = images.flatMap((image) => image.layers.filter(omit));
  return new Set(layers.map(({ digest }) => digest));
}

async function writeBlob(content: Blob, blobs: string): Promise<void> {
  const temporary = join(blobs, `.tmp-${randomBytes(8).toString('hex')}`);
  const blob = new BlobWriter(temporary, (path, digest) =>
    renameSync(path, join(blobs, hexOf(digest))),
  );
  try {
    for await (const chunk of content.open()) blob.write(chunk);
    blob.commit((written) => checkSame(content, written));
    syncDirectory(blobs);
  } finally {
    blob.abort();
  }
}

function checkSame(expected: Descriptor, written: { digest: Digest; size: number }): void {
  if (expected.digest === written.digest && expected.size === written.size) return;
  throw new UserError({
    code: 'STORE_CORRUPT',
    message: `Blob ${expected.digest} has other content than its digest says`,
    hint: 'Run the task again; when it fails in the same way, remove the store directory.',
  });
}
