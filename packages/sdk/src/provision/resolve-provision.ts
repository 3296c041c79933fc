import type { Platform } from '@nx-nixpack/data';
import { UserError, type Progress } from '@nx-nixpack/base';
import {
  baseOf,
  findRelease,
  RELEASES,
  resolveDebian,
  TESTING,
  type Archive,
  type ChannelAccess,
  type DebianRelease,
} from '@nx-nixpack/channels';
import {
  RUNTIMES,
  type Provision,
  type ProvisionRequest,
  type Runtime,
  type RuntimeChoice,
} from '@nx-nixpack/engine';
import { chooseRuntimes, wantedText, type Attempt } from './choose-runtimes.js';
import type { BaseSystem } from '../bases/base-system.js';
import { nothingFits, notOnBase } from './nothing-fits.js';
import { packageNames } from './package-names.js';
import { describeProvision } from './describe-provision.js';

export interface ResolveRequest {
  readonly platform: Platform;
  readonly access: ChannelAccess;
  readonly progress: Progress;
  /** The base that the user named: its release alone will do, and what it has is there. */
  readonly system?: BaseSystem;
  /** Default: all that there are. */
  readonly runtimes?: readonly Runtime[];
}

/**
 * Everything that a request asks for, of the first Debian release that has all of it. Tells what it resolved, a line a runtime.
 * Throws UserError TOOLCHAIN_UNAVAILABLE for what no release has, CHANNEL_UNREACHABLE.
 */
export async function resolveProvision(
  wanted: ProvisionRequest,
  request: ResolveRequest,
): Promise<Provision> {
  const { progress, system } = request;
  const open = openedOnce(request);
  // What would rather be newer looks at every release first; a base leaves no choice.
  const newest = system ? undefined : await tryAll(wanted, { ...request, open, isFinal: false });
  const found =
    newest?.provision === undefined
      ? await tryAll(wanted, { ...request, open, isFinal: true })
      : newest;
  const { provision, attempts, failure, unverified = newest?.unverified } = found;
  if (provision === undefined)
    throw (
      failure ??
      unverified ??
      (system ? notOnBase(system, attempts) : nothingFits(wanted, attempts))
    );
  if (unverified !== undefined)
    progress.warn(`Debian ${TESTING} was not looked at: ${unverified.message}`);
  for (const line of describeProvision(provision)) progress.step(line);
  const { withheld = [] } = (await open(provision.release)) ?? {};
  for (const suite of withheld) progress.warn(withheldText(suite));
  return provision;
}

interface TryRequest extends ResolveRequest {
  readonly open: (codename: string) => Promise<DebianRelease | undefined>;
  readonly isFinal: boolean;
}

/** Reading seventy thousand packages takes its time. Undefined where no mirror has the release. */
function openedOnce({ platform, access }: ResolveRequest): TryRequest['open'] {
  const opened = new Map<string, DebianRelease | undefined>();
  return async (codename) => {
    if (!opened.has(codename))
      opened.set(codename, await (await findRelease(codename, platform, access))?.open());
    return opened.get(codename);
  };
}

interface TriedAll {
  readonly provision?: Provision;
  readonly attempts: readonly Attempt[];
  /** The first refusal of a release. */
  readonly failure?: UserError | undefined;
  /** Why testing cannot be trusted: the others do without it. */
  readonly unverified?: UserError | undefined;
}

async function tryAll(wanted: ProvisionRequest, request: TryRequest): Promise<TriedAll> {
  const { system } = request;
  const attempts: Attempt[] = [];
  let failure: UserError | undefined;
  let unverified: UserError | undefined;
  for (const codename of system ? [system.release] : RELEASES) {
    try {
      const { provision, ...attempt } = (await tryRelease(codename, wanted, request)) ?? {};
      if (provision !== undefined) return { provision, attempts, unverified };
      if ('release' in attempt) attempts.push(attempt);
    } catch (error) {
      if (isUnavailable(error)) failure ??= error;
      else if (codename === TESTING && isInvalid(error)) unverified = error;
      else throw error;
    }
  }
  return { attempts, failure, unverified };
}

const isUnavailable = (error: unknown): error is UserError =>
  error instanceof UserError && error.code === 'TOOLCHAIN_UNAVAILABLE' && !error.retryable;
const isInvalid = (error: unknown): error is UserError =>
  error instanceof UserError && error.code === 'ARCHIVE_INVALID';

/** Whoever stands between here and the mirror can hide a suite, and nothing that is signed says that there is one. */
const withheldText = (suite: string): string =>
  `No mirror of this machine serves ${suite}: the packages are without its updates. Name a mirror of it in apt's sources or NX_NIXPACK_DEBIAN_MIRROR.`;

interface Tried extends Attempt {
  readonly provision?: Provision;
}

/** What one release gives; undefined when no mirror has the release. */
async function tryRelease(
  codename: string,
  wanted: ProvisionRequest,
  { open, isFinal, platform, access, system, runtimes = RUNTIMES }: TryRequest,
): Promise<Tried | undefined> {
  const release = await open(codename);
  if (release === undefined) return undefined;
  const place = { runtimes, release, platform, access, isFinal };
  const attempt = await chooseRuntimes(wanted.runtimes, place);
  if (attempt.missing.length > 0) return attempt;
  return { ...attempt, provision: provisionOf(wanted, attempt.choices, release, system) };
}

function provisionOf(
  wanted: ProvisionRequest,
  choices: readonly RuntimeChoice[],
  release: DebianRelease,
  system: BaseSystem | undefined,
): Provision {
  const base = system ? system.installed : baseOf(release);
  const names = (kind: 'run' | 'build'): readonly string[] =>
    packageNames(release, [
      ...wanted.packages[kind],
      ...choices.flatMap(({ packages }) => packages[kind]),
    ]);
  const resolve = (kind: 'run' | 'build', installed: readonly Archive[]) =>
    resolveDebian(release, names(kind), { installed, ...(system && { status: system.status }) });
  const run = resolve('run', base);
  const build = resolve('build', [...base, ...run]);
  return {
    release: release.codename,
    ...(wanted.base ? { base } : {}),
    ...{ run, build },
    runtimes: wanted.runtimes.flatMap((wish, index) => {
      const choice = choices[index];
      return choice ? [resolved(wish, choice)] : [];
    }),
  };
}

function resolved(
  wish: ProvisionRequest['runtimes'][number],
  { version, archives, env, instead = false }: RuntimeChoice,
): Provision['runtimes'][number] {
  const asked = wish.version === undefined ? '' : wantedText(wish);
  const wanted = `${asked}${instead ? ', which no channel has' : ''}`;
  return { name: wish.name, version, wanted, archives: [...archives], env };
}
