import type { Platform } from '@nx-nixpack/data';
import { quote, UserError, type Problem } from '@nx-nixpack/base';
import type { ChannelAccess, DebianRelease } from '@nx-nixpack/channels';
import type { ProvisionRequest, Runtime, RuntimeChoice } from '@nx-nixpack/engine';
import { runtimeSources } from './runtime-sources.js';

type Wish = ProvisionRequest['runtimes'][number];

/** What one release gives for the wishes of a request. */
export interface Attempt {
  readonly release: string;
  /** In the order of the wishes, without those that are missing. */
  readonly choices: readonly RuntimeChoice[];
  /** Wishes that the release does not fulfill, with the versions that it has instead. */
  readonly missing: readonly { readonly wish: Wish; readonly available: readonly string[] }[];
}

export interface ChooseRequest {
  readonly runtimes: readonly Runtime[];
  readonly release: DebianRelease;
  readonly platform: Platform;
  readonly access: ChannelAccess;
  /** Whether no other release will be looked at. */
  readonly isFinal: boolean;
}

/** All runtimes of a request, looked up at once. Throws UserError, all together, for those that nothing has. */
export async function chooseRuntimes(
  wishes: readonly Wish[],
  { runtimes, ...place }: ChooseRequest,
): Promise<Attempt> {
  const names = wishes.map(({ name }) => name);
  const sourcesOf = (own: string) =>
    runtimeSources({ ...place, others: names.filter((name) => name !== own) });
  const results = await Promise.allSettled(
    wishes.map((wish) => runtimeOf(runtimes, wish).resolve(wish, sourcesOf(wish.name))),
  );
  throwTogether(results);
  const choices = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const missing = wishes.filter((_, index) => choices[index] === undefined);
  return {
    release: place.release.codename,
    choices: choices.filter((choice) => choice !== undefined),
    missing: await Promise.all(
      missing.map(async (wish) => ({
        wish,
        available: (await runtimeOf(runtimes, wish).available?.(sourcesOf(wish.name))) ?? [],
      })),
    ),
  };
}

function runtimeOf(runtimes: readonly Runtime[], { name }: Wish): Runtime {
  const runtime = runtimes.find((one) => one.name === name);
  if (runtime !== undefined) return runtime;
  throw new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: `Toolchain: debian has no runtime ${quote(name)}`,
    hint: 'Write toolchain: base, and name a build_image that has it.',
  });
}

function throwTogether(results: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = results.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  const other = reasons.find((reason) => !(reason instanceof UserError));
  if (other !== undefined) throw other;
  const problems = (reasons as UserError[]).flatMap((error): readonly Problem[] => error.problems);
  if (reasons.length === 1) throw reasons[0];
  if (problems.length > 0) throw UserError.of(problems);
}

/** A wish for people: `22 (engines.node of package.json)`. */
export const wantedText = ({ version, from }: Wish): string =>
  `${version ?? 'any version'}${from === undefined ? '' : ` (${from})`}`;
