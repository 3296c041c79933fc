import type { RuntimeWish } from '@nx-nixpack/plan';
import { numbersOf } from '../../versions/numbers.js';
import { pythonRange } from '../../versions/python-range.js';
import { prefix, type Fits } from '../../versions/range.js';

/**
 * What a wish allows; undefined when it leaves the version open. A single version counts by major and minor, as nixpacks has
 * it: patches of one minor replace each other, and a channel keeps only the newest.
 */
export function wishedPython({ version = '' }: RuntimeWish): Fits | undefined {
  const wanted = plain(version);
  if (wanted === '') return undefined;
  const [major, minor] = numbersOf(wanted) ?? [];
  if (major !== undefined) return prefix(minor === undefined ? [major] : [major, minor]);
  return pythonRange(wanted) ?? (() => false);
}

/** Whether a wish names one patch, and the version that is there is another. */
export function isOtherPatch({ version = '' }: RuntimeWish, found: string): boolean {
  const wanted = numbersOf(plain(version)) ?? [];
  return wanted.length > 2 && wanted.join('.') !== found;
}

/** `python-3.12.4` and `cpython-3.12.4` are 3.12.4. */
const plain = (version: string): string => version.trim().replace(/^(?:c?python-?)(?=\d)/i, '');
