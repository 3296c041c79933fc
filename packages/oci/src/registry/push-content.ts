import { isTag } from '@nx-nixpack/data';
import { sanitize, silent, UserError } from '@nx-nixpack/base';
import type { Digest } from '../digest.js';
import { blobsOf, contentsOf, type Content } from '../content.js';
import { MAX_MANIFEST_BYTES } from '../image-from.js';
import { formatReference } from '../reference.js';
import type { RegistryAccess, Repository } from './access.js';
import { Connection } from './connection.js';
import { inParallel, stoppable } from './in-parallel.js';
import { type FoundManifest, getManifest, headManifest, putManifest } from './manifests.js';
import { ensureReferrer } from './referrers.js';
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
 * Pushes an image, an index with all its images, or an artifact: the blobs that the repository lacks, each manifest by its
 * digest and after those that it lists, its subject told, tags last and only those that differ.
 * Idempotent: for what is there already no byte of it is sent. Throws UserError (REGISTRY_…, STORE_CORRUPT).
 */
export async function pushContent(
  content: Content,
  to: Repository,
  options: PushOptions,
): Promise<PushReport> {
  const { tags, mountFrom = [] } = options;
  check(content, tags);
  const stop = new AbortController();
  const connection = new Connection(to, stoppable(options, stop));
  const others = mountFrom.filter((name) => name !== to.repository);
  // The largest first, so that none of them is left over at the end.
  const blobs = [...blobsOf(content)].sort((a, b) => b.size - a.size);
  const outcomes = await inParallel(blobs, UPLOADS_AT_ONCE, stop, (blob) =>
    push(connection, blob, others),
  );
  for (const one of contentsOf(content)) await ensureManifest(connection, one);
  const manifest = manifestOf(content);
  const changes = [];
  for (const tag of new Set(tags))
    changes.push({ tag, changed: await ensureTag(connection, tag, manifest) });
  const those = (wanted: BlobOutcome): Digest[] =>
    blobs.filter((_, at) => outcomes[at] === wanted).map(({ digest }) => digest);
  return {
    digest: content.digest,
    reference: formatReference({ ...to, digest: content.digest }),
    uploaded: those('uploaded'),
    mounted: those('mounted'),
    present: those('present'),
    tags: changes,
  };
}

function check(content: Content, tags: readonly string[]): void {
  const wrong = tags.find((tag) => !isTag(tag));
  if (wrong !== undefined)
    throw new UserError({
      code: 'REGISTRY_INVALID_REFERENCE',
      message: sanitize(`"${wrong.slice(0, 200)}" is not a tag`),
      hint: 'Use up to 128 letters, digits, dots, underscores and hyphens; begin with none of the last two.',
    });
  for (const { manifest } of contentsOf(content))
    if (manifest.byteLength > MAX_MANIFEST_BYTES) throw tooLarge(manifest);
}

const tooLarge = ({ byteLength }: Uint8Array): RegistryFailure =>
  new RegistryFailure({
    code: 'REGISTRY_PROTOCOL',
    message: `The manifest has ${byteLength} bytes, registries take ${MAX_MANIFEST_BYTES}`,
    hint: 'Shorten the annotations of the image.',
  });

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

const manifestOf = ({ manifest, digest, mediaType }: Content): FoundManifest => ({
  bytes: Buffer.from(manifest),
  digest,
  mediaType,
});

/** Reads the manifest back by its digest: only then is it known that the registry serves it. */
async function ensureManifest(connection: Connection, content: Content): Promise<void> {
  const scopes = [pushScope(connection.repository)];
  const { digest } = content;
  const there = await getManifest(connection, digest, scopes);
  const noted = there
    ? undefined
    : await putManifest(connection, digest, manifestOf(content), scopes);
  if (!there && !(await getManifest(connection, digest, scopes)))
    throw digestMismatch(`The manifest ${digest} that was just pushed`, 'served', 'not there');
  await ensureReferrer(connection, content, noted);
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
