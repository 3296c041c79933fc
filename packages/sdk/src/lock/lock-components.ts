import {
  compareText,
  quote,
  UserError,
  type FileTree,
  type Problem,
  type Progress,
} from '@nx-nixpack/base';
import { parseBaseReference } from '@nx-nixpack/deployment';
import type { ChannelAccess } from '@nx-nixpack/channels';
import type { ProvisionRequest } from '@nx-nixpack/engine';
import type { Edge } from '@nx-nixpack/plan';
import { parseReference, type RegistryAccess } from '@nx-nixpack/oci';
import { planImage } from '../tasks/plan/task.js';
import { archivesOf } from '../provision/fetch-provision.js';
import type { BasePin, PlatformPlan } from '../records/plan.js';
import type { Described } from '../workspace/index.js';
import {
  EMPTY_LOCK,
  LOCK_FILE,
  readLock,
  type LockedToolchain,
  type LockFile,
} from './lock-file.js';
import { nameOf } from './choose-components.js';
import { lockedToolchain } from './locked-provision.js';
import { lockText } from './lock-text.js';

export interface LockRequest {
  readonly workspaceRoot: string;
  /** Those whose entries are written. */
  readonly chosen: readonly Described[];
  /** Whether there are others, whose entries stay. */
  readonly isPartial: boolean;
  /** Look everything up anew, instead of what the lock has not or has of another request. */
  readonly update: boolean;
  readonly edges?: readonly Edge[];
  readonly files?: FileTree;
  readonly access: RegistryAccess;
  readonly storeDirectory: string;
  readonly channels: () => ChannelAccess;
  readonly progress: Progress;
}

type Images = Record<
  string,
  Record<string, LockFile['images'][string][keyof LockFile['images'][string]]>
>;
interface Entries {
  readonly images: Images;
  readonly toolchains: Record<string, Record<string, LockedToolchain>>;
  readonly archives: Record<string, LockFile['archives'][string]>;
}

export interface LockedComponents {
  readonly text: string;
  /** Of components that could not be locked: what the lock had of them stays. */
  readonly problems: readonly Problem[];
}

/** The text of the lock file with the bases and toolchains of components. */
export async function lockComponents(request: LockRequest): Promise<LockedComponents> {
  const { workspaceRoot, chosen, update } = request;
  const before = readLock(workspaceRoot);
  const entries = keptEntries(before, request);
  const problems: Problem[] = [];
  for (const described of chosen)
    try {
      await addComponent(entries, described, request, update ? EMPTY_LOCK : before);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      restoreEntry(entries, nameOf(described), before);
    }
  const isPartial = request.isPartial || problems.length > 0;
  // Which component an image is of is not written down.
  const images = { ...(isPartial ? before.images : {}), ...entries.images };
  const archives = usedArchives(entries);
  return { text: lockText({ version: 1, ...entries, images, archives }), problems };
}

/** What stays as it is: what components have that are not chosen. */
function keptEntries(before: LockFile, { chosen, isPartial }: LockRequest): Entries {
  const names = new Set(chosen.map(nameOf));
  const kept = Object.entries(before.toolchains).filter(([name]) => isPartial && !names.has(name));
  return {
    images: {},
    toolchains: Object.fromEntries(kept) as Entries['toolchains'],
    archives: { ...before.archives },
  };
}

/** Whatever could be looked up of a component before the rest could not. */
function restoreEntry({ toolchains }: Entries, name: string, before: LockFile): void {
  const entry = before.toolchains[name];
  if (entry === undefined) delete toolchains[name];
  else toolchains[name] = { ...entry } as Entries['toolchains'][string];
}

async function addComponent(
  entries: Entries,
  described: Described,
  request: LockRequest,
  lock: LockFile,
): Promise<void> {
  const { deployment } = described;
  const component = {
    ...described.component,
    settings: { ...described.component.settings, requireLock: false },
  };
  const { workspaceRoot, storeDirectory, edges, files, access, channels, progress } = request;
  // What is not locked yet is no news here.
  const quiet = { ...progress, warn: () => undefined };
  const { plan, requests } = await planImage({
    ...{ workspaceRoot, storeDirectory, deployment, component, access, channels, lock },
    progress: quiet,
    ...(edges ? { edges } : {}),
    ...(files ? { files } : {}),
  });
  for (const [platform, planned] of Object.entries(plan.platforms)) {
    for (const pin of [planned.bases.build, planned.bases.run]) addImage(entries, pin, platform);
    addToolchain(entries, nameOf(described), platform, requests[platform], planned);
  }
}

function addImage({ images }: Entries, pin: BasePin | undefined, platform: string): void {
  if (pin?.digest === undefined || pin.component !== undefined) return;
  if (parseBaseReference(pin.reference).kind !== 'registry') return;
  if (parseReference(pin.reference).digest !== undefined) return;
  images[pin.reference] = { ...images[pin.reference], [platform]: pin.digest };
}

function addToolchain(
  { toolchains, archives }: Entries,
  name: string,
  platform: string,
  wanted: ProvisionRequest | undefined,
  { provision }: PlatformPlan,
): void {
  if (wanted === undefined || provision === undefined) return;
  toolchains[name] = { ...toolchains[name], [platform]: lockedToolchain(wanted, provision) };
  for (const { id, integrity, size, path } of archivesOf(provision)) {
    const known = archives[id];
    if (known !== undefined && known.integrity !== integrity) throw changed(id);
    archives[id] = { integrity, size, path };
  }
}

/** Versions do not change their content: who says so now, or said so then, was wrong. */
const changed = (id: string): UserError =>
  new UserError({
    code: 'ARCHIVE_INVALID',
    message: `${quote(id)} is not what ${LOCK_FILE} says: its integrity is another one`,
    hint: `Find out which is right before you use it; then remove the entry from archives of ${LOCK_FILE}, or restore the file.`,
  });

function usedArchives({ toolchains, archives }: Entries): Entries['archives'] {
  const used = new Set(
    Object.values(toolchains)
      .flatMap((platforms) => Object.values(platforms))
      .flatMap(({ base = [], run, build, runtimes }) => [
        ...base,
        ...run,
        ...build,
        ...runtimes.flatMap((one) => one.archives),
      ]),
  );
  const known = Object.entries(archives).filter(([id]) => used.has(id));
  return Object.fromEntries(known.sort(([a], [b]) => compareText(a, b)));
}
