import type { RuntimeWish } from '@nx-nixpack/plan';
import { numbersOf } from '../../versions/numbers.js';
import { pythonRange } from '../../versions/python-range.js';
import { prefix, type Fits } from '../../versions/range.js';

/**
 * What a wish allows; undefined when it leaves the version open. A single version counts by major and minor, as nixpacks has
 * it: patches of one minor replace each other, and a channel keeps only the newest.
 */
export function wishedPython({ version = '' }: RuntimeWish): Fits | undefined {
  const wanted = version.trim().replace(/^(?:c?python-?)(?=\d)/i, '');
  if (wanted === '') return undefined;
  const [major, minor] = numbersOf(wanted) ?? [];
  if (major !== undefined) return prefix(minor === undefined ? [major] : [major, minor]);
  return pythonRange(wanted) ?? (() => false);
}
