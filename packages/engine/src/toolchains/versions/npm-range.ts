import { beginsWith, compareNumbers, nextAfter, type Numbers } from './numbers.js';
import { all, any, anything, atLeast, below, compatible, complete } from './range.js';
import { prefix, staying, type Fits } from './range.js';

const PART = '(?:[0-9]{1,9}|[xX*])';
const VERSION = `[vV=]?(${PART}(?:\\.${PART}){0,2})(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?`;
const HYPHEN = new RegExp(`^${VERSION}\\s+-\\s+${VERSION}$`);
const COMPARATOR = new RegExp(`^(\\^|~>?|>=|<=|>|<|=)?${VERSION}$`);
const OPERATOR_SPACE = /([\^~<>=])\s+(?=[vV0-9xX*])/g;

/**
 * A range as npm reads it (https://github.com/npm/node-semver#ranges), for releases: a prerelease counts as its release.
 * Undefined when it is not a range.
 */
export function npmRange(range: string): Fits | undefined {
  if (range.length > 256) return undefined;
  const alternatives = complete(range.split('||').map(alternative));
  return alternatives && any(alternatives);
}

function alternative(text: string): Fits | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return anything;
  const [, from, to] = HYPHEN.exec(trimmed) ?? [];
  if (from !== undefined && to !== undefined) return all([atLeast(given(from)), atMost(given(to))]);
  const comparators = complete(
    trimmed
      .replace(OPERATOR_SPACE, '$1')
      .split(/[\s,]+/)
      .map(comparator),
  );
  return comparators && all(comparators);
}

function comparator(text: string): Fits | undefined {
  const [, operator = '', version] = COMPARATOR.exec(text) ?? [];
  if (version === undefined) return undefined;
  const numbers = given(version);
  if (numbers.length === 0) return operator === '<' || operator === '>' ? () => false : anything;
  if (operator === '>=') return atLeast(numbers);
  if (operator === '<') return below(numbers);
  if (operator === '>') return above(numbers);
  if (operator === '<=') return atMost(numbers);
  if (operator === '^') return compatible(numbers);
  return operator.startsWith('~') ? staying(numbers, Math.min(numbers.length, 2)) : prefix(numbers);
}

const above = (numbers: Numbers): Fits => atLeast(nextAfter(numbers));

const atMost =
  (numbers: Numbers): Fits =>
  (version) =>
    compareNumbers(version, numbers) <= 0 || beginsWith(version, numbers);

/** The numbers before the first `x`. */
function given(version: string): Numbers {
  const parts = version.split('.');
  const end = parts.findIndex((part) => !/^[0-9]/.test(part));
  return parts.slice(0, end < 0 ? undefined : end).map(Number);
}
