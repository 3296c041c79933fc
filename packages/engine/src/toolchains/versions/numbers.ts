/** The numbers of a release, most significant first. */
export type Numbers = readonly number[];

const RELEASE = /^v?\d{1,9}(?:\.\d{1,9}){0,5}$/;

/** The numbers of a version; undefined for prereleases and for what is no version at all. */
export const numbersOf = (version: string): Numbers | undefined =>
  RELEASE.test(version) ? version.replace(/^v/, '').split('.').map(Number) : undefined;

/** Missing numbers count as zero. */
export function compareNumbers(a: Numbers, b: Numbers): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version begins with these numbers. */
export const beginsWith = (numbers: Numbers, start: Numbers): boolean =>
  start.every((part, at) => (numbers[at] ?? 0) === part);

/** The lowest numbers after all that begin with these. */
export const nextAfter = (numbers: Numbers): Numbers => numbers.with(-1, (numbers.at(-1) ?? 0) + 1);
