import { UserError } from '@nx-nixpack/base';
import type { RuntimeWish } from '@nx-nixpack/plan';
import { compareVersions, numbersOf } from './constraint.js';

/** What was asked for, and by whom: `1.79.0 (rust-toolchain.toml)`. */
export const askedBy = ({ version = '', from }: RuntimeWish): string =>
  from === undefined ? version : `${version} (${from})`;

/** For a version that no release has: names those that there are, the nearest first. */
export function versionRefusal(wish: RuntimeWish, there: readonly string[]): UserError {
  const nearest = nearestFirst(wish.version ?? '', [...new Set(there)]);
  const list = nearest.length === 0 ? 'none at all' : nearest.join(', ');
  return new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: `There is no ${wish.name} ${askedBy(wish)} for Debian, only ${list}`,
    hint: `Ask for one of these, or write toolchain: base with a build_image that has it.`,
  });
}

/** For what no channel has, whatever the version. */
export const absenceRefusal = (wish: RuntimeWish, reason: string): UserError =>
  new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: `No channel of toolchain: debian has ${wish.name}: ${reason}`,
    hint: 'Write toolchain: base with a build_image that has it.',
  });

function nearestFirst(wanted: string, there: readonly string[]): string[] {
  const number = (text: string) => {
    const [major = 0, minor = 0, patch = 0] = numbersOf(/[0-9][0-9.]*/.exec(text)?.[0] ?? '0');
    return major * 1e8 + minor * 1e4 + patch;
  };
  const distance = (version: string) => Math.abs(number(version) - number(wanted));
  return [...there].sort(
    (one, other) =>
      distance(one) - distance(other) || compareVersions(numbersOf(one), numbersOf(other)),
  );
}
