import type { Progress } from '@nx-nixpack/base';
import { Store } from '@nx-nixpack/oci';
import type { FetchArchives } from '../bases/compose-base.js';
import { channelAccess } from '../system/channels/channel-access.js';
import { fetchArchives } from './fetch-provision.js';

export interface FetcherRequest {
  readonly storeDirectory: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Brings archives from this machine's channels into a store. What the store has is asked from nobody. */
export function archiveFetcher({
  storeDirectory,
  progress,
  signal,
}: FetcherRequest): FetchArchives {
  return async (archives) => {
    if (archives.length === 0) return new Map();
    const access = channelAccess({ storeDirectory, signal });
    return fetchArchives(archives, { store: Store.open(storeDirectory), access, progress });
  };
}
