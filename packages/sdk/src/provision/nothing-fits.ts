import { UserError, type Problem } from '@nx-nixpack/base';
import type { ProvisionRequest } from '@nx-nixpack/engine';
import type { BaseSystem } from '../bases/base-system.js';
import { wantedText, type Attempt } from './choose-runtimes.js';

/** Why no release will do: what none has, or else what no single one has together. */
export function nothingFits(wanted: ProvisionRequest, attempts: readonly Attempt[]): UserError {
  if (attempts.length === 0) return noRelease();
  const nowhere = wanted.runtimes.filter((wish) =>
    attempts.every(({ missing }) => missing.some((one) => one.wish === wish)),
  );
  const problems = nowhere.map((wish): Problem => {
    const versions = attempts.flatMap(({ release, missing }) => {
      const available = missing.find((one) => one.wish === wish)?.available ?? [];
      return available.length > 0 ? [`${available.join(', ')} (${release})`] : [];
    });
    return {
      code: 'TOOLCHAIN_UNAVAILABLE',
      message: `No Debian release has ${wish.name} ${wantedText(wish)}`,
      hint: hintOf(versions),
    };
  });
  return problems.length > 0 ? UserError.of(problems) : notTogether(wanted, attempts);
}

const hintOf = (versions: readonly string[]): string =>
  versions.length > 0
    ? `Ask for a version that there is: ${versions.join('; ')}; or write toolchain: base, and name a build_image that has it.`
    : 'Write toolchain: base, and name a build_image that has it.';

function notTogether(wanted: ProvisionRequest, attempts: readonly Attempt[]): UserError {
  const places = wanted.runtimes.map((wish) => {
    const have = attempts.filter(({ missing }) => missing.every((one) => one.wish !== wish));
    return `${wish.name} ${wantedText(wish)}: ${have.map(({ release }) => release).join(', ')}`;
  });
  return new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: `No single Debian release has all that the source asks for (${places.join('; ')})`,
    hint: 'Ask for versions that one of them has, or write toolchain: base, and name a build_image that has all.',
  });
}

const noRelease = (): UserError =>
  new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: 'No mirror of Debian that this machine has serves a release that is looked at',
    hint: 'Set NX_NIXPACK_DEBIAN_MIRROR to the address of a Debian mirror.',
  });

/** Why the release of a base that the user named will not do. */
export function notOnBase(
  { reference, release, at }: BaseSystem,
  [attempt]: readonly Attempt[],
): UserError {
  const problem = (message: string, more: string): Problem => ({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message,
    hint: `Leave build_image out, so that a base is composed; ${more}; or write toolchain: base with a build_image that has what the plan needs.`,
    ...(at && { at }),
  });
  if (attempt === undefined)
    return UserError.of([
      problem(
        `${reference} is of the release ${release}, which no mirror that this machine has serves`,
        'or set NX_NIXPACK_DEBIAN_MIRROR to the address of one that does',
      ),
    ]);
  return UserError.of(
    attempt.missing.map(({ wish, available }) =>
      problem(
        `${release}, the release of ${reference}, does not have ${wish.name} ${wantedText(wish)}`,
        available.length > 0
          ? `or ask for ${available.join(', ')}`
          : 'or name one of another release',
      ),
    ),
  );
}
