import type { Platform } from '@nx-nixpack/data';
import { UserError, type Progress } from '@nx-nixpack/base';
import {
  baseOf,
  findRelease,
  RELEASES,
  resolveDebian,
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
import { nothingFits } from './nothing-fits.js';
import { packageNames } from './package-names.js';
import { describeProvision } from './describe-provision.js';

export interface ResolveRequest {
  readonly platform: Platform;
  readonly access: ChannelAccess;
  readonly progress: Progress;
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
  const { progress } = request;
  const attempts: Attempt[] = [];
  let failure: UserError | undefined;
  for (const codename of wanted.release === undefined ? RELEASES : [wanted.release]) {
    try {
      const attempt = await tryRelease(codename, wanted, request);
      if (attempt?.provision !== undefined) {
        for (const line of describeProvision(attempt.provision)) progress.step(line);
        return attempt.provision;
      }
      if (attempt !== undefined) attempts.push(attempt);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? nothingFits(wanted, attempts);
}

const isUnavailable = (error: unknown): error is UserError =>
  error instanceof UserError && error.code === 'TOOLCHAIN_UNAVAILABLE' && !error.retryable;

interface Tried extends Attempt {
  readonly provision?: Provision;
}

/** What one release gives; undefined when no mirror has the release. */
async function tryRelease(
  codename: string,
  wanted: ProvisionRequest,
  request: ResolveRequest,
): Promise<Tried | undefined> {
  const { platform, access, runtimes = RUNTIMES } = request;
  const found = await findRelease(codename, platform, access);
  if (found === undefined) return undefined;
  const release = await found.open();
  const attempt = await chooseRuntimes(wanted.runtimes, { runtimes, release, platform, access });
  if (attempt.missing.length > 0) return attempt;
  return { ...attempt, provision: provisionOf(wanted, attempt.choices, release) };
}

function provisionOf(
  wanted: ProvisionRequest,
  choices: readonly RuntimeChoice[],
  release: DebianRelease,
): Provision {
  const base = baseOf(release);
  const names = (kind: 'run' | 'build'): readonly string[] =>
    packageNames(release, [
      ...wanted.packages[kind],
      ...choices.flatMap(({ packages }) => packages[kind]),
    ]);
  const run = resolveDebian(release, names('run'), { installed: base });
  const build = resolveDebian(release, names('build'), { installed: [...base, ...run] });
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
  { version, archives, env }: RuntimeChoice,
): Provision['runtimes'][number] {
  return { name: wish.name, version, wanted: wantedText(wish), archives: [...archives], env };
}
