import { UserError, type Progress } from '@nx-nixpack/base';
import { findChannel, type Archive, type ChannelAccess } from '@nx-nixpack/channels';
import type { Provision } from '@nx-nixpack/engine';
import { isDigest, type Digest, type Store } from '@nx-nixpack/oci';
import { megabytes } from './describe-provision.js';

export interface FetchRequest {
  readonly store: Store;
  readonly access: ChannelAccess;
  readonly progress: Progress;
}

/** Downloads at a time: mirrors are shared by many. */
const AT_ONCE = 6;

/** Every archive of a provision, each once. */
export function archivesOf({ base = [], run, build, runtimes }: Provision): readonly Archive[] {
  const all = [...base, ...run, ...build, ...runtimes.flatMap(({ archives }) => archives)];
  return [...new Map(all.map((archive) => [archive.id, archive])).values()];
}

/**
 * Brings archives into the store, those that it does not have: the digest of each by its id. Throws UserError ARCHIVE_GONE,
 * ARCHIVE_INVALID, CHANNEL_UNREACHABLE, naming the archive.
 */
export async function fetchArchives(
  archives: readonly Archive[],
  request: FetchRequest,
): Promise<ReadonlyMap<string, Digest>> {
  const { store, progress } = request;
  const found = new Map<string, Digest>();
  const missing: Archive[] = [];
  for (const archive of archives) {
    const digest = storedDigest(archive, store);
    if (digest === undefined) missing.push(archive);
    else found.set(archive.id, digest);
  }
  if (missing.length > 0)
    progress.step(`fetch    ${missing.length} archives (${megabytes(missing)})`);
  const next = missing.values();
  const work = async (): Promise<void> => {
    for (const archive of next) found.set(archive.id, await fetchOne(archive, request));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

/** Hashes other than sha256 are noted with the blob that they were found to be of. */
const AREA = 'archives';

function storedDigest({ integrity }: Archive, store: Store): Digest | undefined {
  const digest = sha256Of(integrity) ?? store.readRecord(AREA, integrity);
  return typeof digest === 'string' && isDigest(digest) && store.has(digest) ? digest : undefined;
}

function sha256Of(integrity: string): Digest | undefined {
  const [method, hash = ''] = integrity.split(/-(.*)/s);
  const digest = `sha256:${Buffer.from(hash, 'base64').toString('hex')}`;
  return method === 'sha256' && isDigest(digest) ? digest : undefined;
}

async function fetchOne(archive: Archive, { store, access }: FetchRequest): Promise<Digest> {
  const bytes = await findChannel(archive.channel)
    .fetch(archive, access)
    .catch((error: unknown) => {
      throw named(archive, error);
    });
  const { digest } = await store.writeBlob([bytes]);
  if (sha256Of(archive.integrity) === undefined) store.writeRecord(AREA, archive.integrity, digest);
  return digest;
}

/** A failure of a mirror says what was wanted from it. */
function named({ name, version }: Archive, error: unknown): unknown {
  if (!(error instanceof UserError) || error.message.includes(version)) return error;
  const { code, message, hint, retryable } = error;
  return new UserError(
    { code, message: `${name} ${version}: ${message}`, hint },
    { cause: error, retryable },
  );
}
