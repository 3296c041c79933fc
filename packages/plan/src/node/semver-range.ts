/**
 * Version ranges as nixpacks reads them, which differs from npm (planner specification, 9.2): tokens that are no
 * comparator are dropped, `<=20` means below 20, and comparators that exclude each other are alternatives.
 */
export type VersionRange = readonly Interval[];

/** A version as four numbers: major, minor, patch, and 0 for the lowest prerelease, 1 for prereleases, 2 for the release. */
type Version = readonly [number, number, number, number];

interface Bound {
  readonly version: Version;
  readonly included: boolean;
}
interface Interval {
  readonly low: Bound;
  readonly high: Bound;
}

/** Only these separate; anything else belongs to a token. */
const WHITE = ' \\t';
const PART = '(?:[xX*]|[0-9]+)';
const PARTIAL = `[vV]?(${PART})(?:\\.(${PART})(?:\\.(${PART})(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?)?)?`;
const END = `(?=[${WHITE}]|$)`;
const SPACE = new RegExp(`[${WHITE}]*`, 'y');
const HYPHEN = new RegExp(`${PARTIAL}[${WHITE}]+-[${WHITE}]+${PARTIAL}${END}`, 'y');
const COMPARATOR = new RegExp(`(\\^|~>?=?|>=|<=|>|<|={1,2})?[${WHITE}]*${PARTIAL}${END}`, 'y');
const GARBAGE = new RegExp(`[^${WHITE}]+`, 'y');
const MAX_PART = Number.MAX_SAFE_INTEGER;
const LOWEST: Version = [0, 0, 0, 0];
const ENDLESS: Version = [Infinity, 0, 0, 0];

/** The intervals of a range; undefined when nothing in it is a comparator. */
export function parseRange(range: string): VersionRange | undefined {
  const intervals = range
    .split('||')
    .flatMap((alternative) => alternatives(intervalsOf(alternative)));
  return intervals.length === 0 ? undefined : intervals;
}

/** Whether some version from `major`.0.0 up to the next major is in the range. */
export function allowsMajor(range: VersionRange, major: number): boolean {
  const wanted = interval([major, 0, 0, 2], [major + 1, 0, 0, 2]);
  return range.some((each) => intersection(each, wanted) !== undefined);
}

function intervalsOf(alternative: string): readonly Interval[] {
  const found: Interval[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(alternative);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (take(SPACE); at < alternative.length; take(SPACE)) {
    const hyphen = take(HYPHEN);
    const comparator = hyphen === null ? take(COMPARATOR) : null;
    if (hyphen !== null) found.push(...between(partsOf(hyphen, 1), partsOf(hyphen, 5)));
    else if (comparator !== null)
      found.push(...compared(comparator[1] ?? '', partsOf(comparator, 2)));
    else take(GARBAGE);
  }
  return found;
}

/** Each comparator narrows the alternative before it, or stands beside it when the two exclude each other. */
function alternatives(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const each of intervals) {
    const last = result.at(-1);
    const both = last && intersection(last, each);
    if (both === undefined) result.push(each);
    else result[result.length - 1] = both;
  }
  return result;
}

/** The numbers that are given: none for `x`, up to three; `pre` when a prerelease follows. */
interface Parts {
  readonly numbers: readonly number[];
  readonly pre: boolean;
}

function partsOf(match: RegExpExecArray, first: number): Parts {
  const numbers: number[] = [];
  for (const part of match.slice(first, first + 3)) {
    if (part === undefined || !/^[0-9]/.test(part)) break;
    numbers.push(Number(part));
  }
  return { numbers, pre: match[first + 3] !== undefined };
}

/** `A - B`; nothing when the upper end is `x`. */
function between(from: Parts, to: Parts): readonly Interval[] {
  if (to.numbers.length === 0) return [];
  const low = from.numbers.length === 0 ? LOWEST : lowest(from);
  const full = to.numbers.length === 3;
  const high = full ? lowest(to) : after(to.numbers);
  return [{ low: { version: low, included: true }, high: { version: high, included: full } }];
}

function compared(operator: string, parts: Parts): readonly Interval[] {
  const { numbers } = parts;
  if (numbers.some((part) => part > MAX_PART)) return [];
  if (numbers.length === 0) return /^[\^~<]/.test(operator) ? [] : [interval(LOWEST, ENDLESS)];
  const full = numbers.length === 3;
  const low = lowest(parts);
  if (operator === '>=') return [interval(low, ENDLESS)];
  if (operator === '>')
    return [
      full
        ? { low: { version: low, included: false }, high: top }
        : interval(after(numbers, 2), ENDLESS),
    ];
  if (operator === '<') return [interval(LOWEST, full ? low : bottom(numbers))];
  if (operator === '<=') return [upTo(full ? low : bottom(numbers))];
  if (operator === '^') return [interval(low, after(caretPart(numbers)))];
  if (operator.startsWith('~')) return [interval(low, after(numbers.slice(0, 2)))];
  return [
    full ? { ...upTo(low), low: { version: low, included: true } } : interval(low, after(numbers)),
  ];
}

const top: Bound = { version: ENDLESS, included: false };

const interval = (low: Version, high: Version): Interval => ({
  low: { version: low, included: true },
  high: { version: high, included: false },
});

const upTo = (high: Version): Interval => ({
  low: { version: LOWEST, included: true },
  high: { version: high, included: true },
});

/** The lowest version that the parts name. */
const lowest = ({ numbers: [major = 0, minor = 0, patch = 0], pre }: Parts): Version => [
  major,
  minor,
  patch,
  pre ? 1 : 2,
];

/** The lowest prerelease of the version that the parts name. */
const bottom = ([major = 0, minor = 0, patch = 0]: readonly number[]): Version => [
  major,
  minor,
  patch,
  0,
];

/** What comes after every version with these numbers: the lowest prerelease (or with `stage` 2 the release) of the next. */
function after(numbers: readonly number[], stage = 0): Version {
  const next = numbers.with(-1, (numbers.at(-1) ?? 0) + 1);
  return [next[0] ?? 0, next[1] ?? 0, next[2] ?? 0, stage];
}

/** The numbers that `^` keeps: up to the first that is not zero. */
function caretPart(numbers: readonly number[]): readonly number[] {
  const first = numbers.findIndex((part) => part !== 0);
  return first < 0 ? numbers : numbers.slice(0, first + 1);
}

function intersection(a: Interval, b: Interval): Interval | undefined {
  const low = compare(a.low.version, b.low.version) >= (a.low.included ? 1 : 0) ? a.low : b.low;
  const high =
    compare(a.high.version, b.high.version) <= (a.high.included ? -1 : 0) ? a.high : b.high;
  const order = compare(low.version, high.version);
  const empty = order > 0 || (order === 0 && !(low.included && high.included));
  return empty ? undefined : { low, high };
}

function compare(a: Version, b: Version): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
