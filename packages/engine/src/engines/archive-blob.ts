import type { Digest, Store } from '@nx-nixpack/oci';
import { UserError } from '@nx-nixpack/base';

export interface ArchivePorts {
  readonly store: Store;
  /** The blob of each archive, by its id. */
  readonly archives: ReadonlyMap<string, Digest>;
}

/** Where the bytes of an archive lie, after they were compared with their digest. Throws UserError ARCHIVE_GONE. */
export async function archiveBlob({ store, archives }: ArchivePorts, id: string): Promise<string> {
  const digest = digestOfArchive(archives, id);
  if (await store.check(digest)) return store.blobPath(digest);
  throw new UserError({
    code: 'ARCHIVE_GONE',
    message: `The store lost the archive ${id} during the build`,
    hint: 'Run the task again; it is fetched anew.',
  });
}

export function digestOfArchive(archives: ReadonlyMap<string, Digest>, id: string): Digest {
  const digest = archives.get(id);
  if (digest === undefined)
    throw new Error(`the recipe uses an archive "${id}" that was not given`);
  return digest;
}
