import { UserError } from '@nx-nixpack/base';
import type { RuntimeWish } from '@nx-nixpack/plan';
import { compareNumbers, numbersOf, type Numbers } from './numbers.js';
import type { Fits } from './range.js';

/** A version as its channel writes it, and its numbers. */
export interface Release {
  readonly version: string;
  readonly numbers: Numbers;
}

/** What of a channel's versions is a release, oldest first; `numbers` tells how a channel writes them. */
export function releases(
  versions: readonly string[],
  numbers: (version: string) => Numbers | undefined = numbersOf,
): readonly Release[] {
  return versions
    .flatMap((version) => {
      const known = numbers(version);
      return known === undefined ? [] : [{ version, numbers: known }];
    })
    .sort((a, b) => compareNumbers(a.numbers, b.numbers));
}

export const newest = (known: readonly Release[], fits: Fits): Release | undefined =>
  known.findLast(({ numbers }) => fits(numbers));

/** The one that comes nearest to a version: itself, else the next above, else the one below. */
export function nearestTo(known: readonly Release[], wanted: string): Release | undefined {
  const numbers = firstNumbers(wanted);
  return known.find((release) => compareNumbers(release.numbers, numbers) >= 0) ?? known.at(-1);
}

/** The very version that is asked for. */
export const exactly =
  ({ version = '' }: RuntimeWish): Fits =>
  (numbers) =>
    numbers.join('.') === version;

/** Whether only a default names the version, so that the nearest will do. */
export const isSoft = ({ from }: RuntimeWish): boolean => from === undefined;

/** The refusal of a version that no channel has; it names the nearest that there are. */
export function noVersion(what: string, wish: RuntimeWish, known: readonly Release[]): UserError {
  const asked = `${what} ${wish.version ?? ''}`.trim();
  const sorted = [...known].sort((a, b) => compareNumbers(a.numbers, b.numbers));
  const near = nearestTexts(sorted, wish.version ?? '');
  return new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: `${asked}${wish.from === undefined ? '' : ` (${wish.from})`} is not to be had: ${near}`,
    hint: `Ask for a version that there is, or set toolchain: base and name a build_image that brings ${asked}.`,
  });
}

function nearestTexts(known: readonly Release[], wanted: string): string {
  const numbers = firstNumbers(wanted);
  const under = known.findLast((release) => compareNumbers(release.numbers, numbers) < 0);
  const over = known.find((release) => compareNumbers(release.numbers, numbers) >= 0);
  const near = [under, over, known.at(-1)].flatMap((release) => release?.numbers.join('.') ?? []);
  const texts = [...new Set(near)];
  if (texts.length === 0) return 'its channel has no version at all';
  return texts.length === 1 ? `the nearest is ${texts[0]}` : `the nearest are ${texts.join(', ')}`;
}

/** The first version that a text names. */
const firstNumbers = (text: string): Numbers =>
  numbersOf(/[0-9]{1,9}(?:\.[0-9]{1,9}){0,5}/.exec(text)?.[0] ?? '0') ?? [0];
