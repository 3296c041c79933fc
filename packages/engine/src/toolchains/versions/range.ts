import { beginsWith, compareNumbers, nextAfter, type Numbers } from './numbers.js';

/** Whether a release is asked for. */
export type Fits = (version: Numbers) => boolean;

export const anything: Fits = () => true;
export const atLeast =
  (low: Numbers): Fits =>
  (version) =>
    compareNumbers(version, low) >= 0;
export const below =
  (high: Numbers): Fits =>
  (version) =>
    compareNumbers(version, high) < 0;
export const prefix =
  (start: Numbers): Fits =>
  (version) =>
    beginsWith(version, start);
export const not =
  (one: Fits): Fits =>
  (version) =>
    !one(version);
export const all =
  (tests: readonly Fits[]): Fits =>
  (version) =>
    tests.every((fits) => fits(version));
export const any =
  (tests: readonly Fits[]): Fits =>
  (version) =>
    tests.some((fits) => fits(version));

/** `^`: up to the next change of the first number that is not zero. */
export function compatible(low: Numbers): Fits {
  const first = low.findIndex((part) => part !== 0);
  const kept = first < 0 ? low : low.slice(0, first + 1);
  return all([atLeast(low), below(nextAfter(kept))]);
}

/** From these numbers on, as long as the first `kept` of them stay. */
export const staying = (low: Numbers, kept: number): Fits =>
  all([atLeast(low), below(nextAfter(low.slice(0, Math.max(kept, 1))))]);

/** All of them, none when one could not be read. */
export function complete<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}
