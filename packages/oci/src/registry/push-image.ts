import { isTag } from '@nx-nixpack/data';
import { sanitize, silent, UserError } from '@nx-nixpack/base';
import type { Digest } from '../digest.js';
import type { Image } from '../image.js';
import { MAX_MANIFEST_BYTES } from '../image-from.js';
import { formatReference } from '../reference.js';
import type { RegistryAccess, Repository } from './access.js';
import { Connection } from './connection.js';
import { inParallel, stoppable } from './in-parallel.js';
import { type FoundManifest, getManifest, headManifest, putManifest } from './manifests.js';
import { type BlobOutcome, pushBlob } from './push-blob.js';
import { digestMismatch, RegistryFailure } from './registry-failure.js';
import { pushScope } from './token-scopes.js';
import type { BlobSource } from './upload-session.js';

export interface PushOptions extends RegistryAccess {
  /** Set after everything else, in this order. */
  readonly tags: readonly string[];
  /** Repositories of the same registry that may have some of the blobs. */
  readonly mountFrom?: readonly string[];
}

export interface PushReport {
  readonly digest: Digest;
  /** With the digest, never a tag. */
  readonly reference: string;
  readonly uploaded: readonly Digest[];
  readonly mounted: readonly Digest[];
  readonly present: readonly Digest[];
  readonly tags: readonly { readonly tag: string; readonly changed: boolean }[];
}

const UPLOADS_AT_ONCE = 3;

/**
 * Pushes an image: the blobs that the repository lacks, the manifest by digest, tags last and only those that differ.
 * Idempotent: for an image that is there already no byte of it is sent. Throws UserError (REGISTRY_…, STORE_CORRUPT).
 */
export async function pushImage(
  image: Image,
  to: Repository,
  options: PushOptions,
): Promise<PushReport> {
  const { tags, mountFrom = [] } = options;
  check(image, tags);
  const stop = new AbortController();
  const connection = new Connection(to, stoppable(options, stop));
  const others = mountFrom.filter((name) => name !== to.repository);
  const blobs = blobsOf(image);
  const outcomes = await inParallel(blobs, UPLOADS_AT_ONCE, stop, (blob) =>
    push(connection, blob, others),
  );
  const manifest = manifestOf(image);
  await ensureManifest(connection, manifest);
  const changes = [];
  for (const tag of new Set(tags))
    changes.push({ tag, changed: await ensureTag(connection, tag, manifest) });
  const those = (wanted: BlobOutcome): Digest[] =>
    blobs.filter((_, at) => outcomes[at] === wanted).map(({ digest }) => digest);
  return {
    digest: image.digest,
    reference: formatReference({ ...to, digest: image.digest }),
    uploaded: those('uploaded'),
    mounted: those('mounted'),
    present: those('present'),
    tags: changes,
  };
}

function check(image: Image, tags: readonly string[]): void {
  const wrong = tags.find((tag) => !isTag(tag));
  if (wrong !== undefined)
    throw new UserError({
      code: 'REGISTRY_INVALID_REFERENCE',
      message: sanitize(`"${wrong.slice(0, 200)}" is not a tag`),
      hint: 'Use up to 128 letters, digits, dots, underscores and hyphens; begin with none of the last two.',
    });
  if (image.manifest.byteLength <= MAX_MANIFEST_BYTES) return;
  throw new RegistryFailure({
    code: 'REGISTRY_PROTOCOL',
    message: `The manifest has ${image.manifest.byteLength} bytes, registries take ${MAX_MANIFEST_BYTES}`,
    hint: 'Shorten the annotations of the image.',
  });
}

/** Every blob once; the largest first, so that none of them is left over at the end. */
function blobsOf(image: Image): readonly BlobSource[] {
  const { digest, size } = image.configDescriptor;
  const config = { digest, size, open: () => bytesOf(image.configBytes) };
  const layers = image.layers.map((layer) => ({
    digest: layer.digest,
    size: layer.size,
    open: () => layer.open(),
  }));
  const unique = new Map([...layers, config].map((blob) => [blob.digest, blob]));
  return [...unique.values()].sort((a, b) => b.size - a.size);
}

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function push(
  connection: Connection,
  blob: BlobSource,
  mountFrom: readonly string[],
): Promise<BlobOutcome> {
  const outcome = await pushBlob(connection, blob, mountFrom);
  const { progress = silent } = connection.access;
  if (outcome !== 'present') progress.step(`${outcome} ${blob.digest} (${blob.size} bytes)`);
  return outcome;
}

const manifestOf = ({ manifest, digest, mediaType }: Image): FoundManifest => ({
  bytes: Buffer.from(manifest),
  digest,
  mediaType,
});

/** Reads the manifest back by its digest: only then is it known that the registry serves it. */
async function ensureManifest(connection: Connection, manifest: FoundManifest): Promise<void> {
  const scopes = [pushScope(connection.repository)];
  const { digest } = manifest;
  if (await getManifest(connection, digest, scopes)) return;
  await putManifest(connection, digest, manifest, scopes);
  if (await getManifest(connection, digest, scopes)) return;
  throw digestMismatch(`The manifest ${digest} that was just pushed`, 'served', 'not there');
}

/** True when the tag had to be moved. A tag that is right already is not touched, so that immutable tags work. */
async function ensureTag(
  connection: Connection,
  tag: string,
  manifest: FoundManifest,
): Promise<boolean> {
  const scopes = [pushScope(connection.repository)];
  if ((await headManifest(connection, tag, scopes)) === manifest.digest) return false;
  await putManifest(connection, tag, manifest, scopes);
  const found = await headManifest(connection, tag, scopes);
  if (found === manifest.digest) return true;
  throw digestMismatch(`The tag ${tag} that was just set`, manifest.digest, found ?? 'not there');
}
