import { canonicalJson, quote } from '@nx-nixpack/base';
import { isIntegrity, readArchiveId, type Archive } from '@nx-nixpack/channels';
import type { Platform } from '@nx-nixpack/data';
import type { Provision, ProvisionRequest } from '@nx-nixpack/engine';
import { digestOf, type Digest } from '@nx-nixpack/oci';
import { invalidLock, type LockedToolchain, type LockFile } from './lock-file.js';

/** Equal for equal requests, whoever makes them. */
export const requestDigest = (request: ProvisionRequest): Digest =>
  digestOf(canonicalJson(request));

export interface Locked {
  readonly provision: Provision;
  /** Whether it is of this request, and not of what was asked for before. */
  readonly fits: boolean;
}

/** What a lock has for a component and a platform; undefined for nothing. Throws UserError BASE_INVALID. */
export function lockedProvision(
  lock: LockFile,
  component: string,
  platform: Platform,
  request: ProvisionRequest,
): Locked | undefined {
  const entry = lock.toolchains[component]?.[platform];
  if (entry === undefined) return undefined;
  return { provision: provisionOf(entry, lock), fits: entry.request === requestDigest(request) };
}

function provisionOf({ release, base, run, build, runtimes }: LockedToolchain, lock: LockFile) {
  const all = (ids: readonly string[]): Archive[] => ids.map((id) => archiveOf(id, lock));
  return {
    release,
    ...(base ? { base: all(base) } : {}),
    ...{ run: all(run), build: all(build) },
    runtimes: runtimes.map((one) => ({ ...one, archives: all(one.archives) })),
  };
}

/** What a name of an archive must be, because it becomes a file: what channels name themselves is. */
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.+:~_!-]*$/;

function archiveOf(id: string, { archives }: LockFile): Archive {
  const named = readArchiveId(id);
  const described = Object.hasOwn(archives, id) ? archives[id] : undefined;
  if (named === undefined || !VERSION.test(named.version))
    throw invalidLock(`names ${quote(id)}, which is no archive`);
  if (described === undefined) throw invalidLock(`does not describe the archive ${quote(id)}`);
  if (!isIntegrity(described.integrity))
    throw invalidLock(`has an integrity of ${quote(id)} that cannot be checked`);
  return { ...named, ...described };
}

/** The same the other way round: an entry of a lock, and the archives that it names. */
export function lockedToolchain(
  request: ProvisionRequest,
  { release, base, run, build, runtimes }: Provision,
): LockedToolchain {
  const ids = (archives: readonly Archive[]): string[] => archives.map(({ id }) => id);
  return {
    request: requestDigest(request),
    release,
    ...(base ? { base: ids(base) } : {}),
    ...{ run: ids(run), build: ids(build) },
    runtimes: runtimes.map((one) => ({ ...one, archives: ids(one.archives) })),
  };
}
