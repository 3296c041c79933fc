/**
 * Version ranges as nixpacks reads them, which differs from npm: tokens that are no
 * comparator are dropped, `<=20` means below 20, and comparators that exclude each other are alternatives.
 */
export type VersionRange = readonly Interval[];

interface Version {
  readonly numbers: readonly [number, number, number];
  /** Parts of a prerelease, which comes before the version itself; undefined for the version. */
  readonly pre: readonly (number | string)[] | undefined;
}

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
const PART = '(?:[xX*]|[0-9]+(?![0-9]))';
/** The hyphen before a prerelease may be missing. */
const PRE = '(-?[0-9A-Za-z][0-9A-Za-z-]*(?:\\.[0-9A-Za-z-]+)*)';
const PARTIAL = `[vV]?(${PART})(?:\\.(${PART})(?:\\.(${PART})${PRE}?(?:\\+[0-9A-Za-z.-]+)?)?)?`;
const END = `(?=[${WHITE}]|$)`;
const SPACE = new RegExp(`[${WHITE}]*`, 'y');
const HYPHEN = new RegExp(`${PARTIAL}[${WHITE}]+-[${WHITE}]+${PARTIAL}${END}`, 'y');
/** White space and a hyphen at the very beginning: a range without a lower end. */
const OPEN_HYPHEN = new RegExp(`[${WHITE}]+-[${WHITE}]+${PARTIAL}${END}`, 'y');
const COMPARATOR = new RegExp(`(\\^|~>?|>=|<=|>|<|={1,2})?[${WHITE}]*${PARTIAL}${END}`, 'y');
const GARBAGE = new RegExp(`[^${WHITE}]+`, 'y');
const MAX_PART = Number.MAX_SAFE_INTEGER;
const LOWEST: Version = { numbers: [0, 0, 0], pre: [0] };
const ENDLESS: Version = { numbers: [Infinity, 0, 0], pre: undefined };

/** The intervals of a range; undefined when nothing in it is a comparator. */
export function parseRange(range: string): VersionRange | undefined {
  const intervals = range
    .split('||')
    .flatMap((alternative, index) => alternatives(intervalsOf(alternative, index === 0)));
  return intervals.length === 0 ? undefined : intervals;
}

/** Whether some version from `major`.0.0 up to the next major's prereleases is in the range. */
export function allowsMajor(range: VersionRange, major: number): boolean {
  const wanted = interval(release([major]), bottom([major + 1]));
  return range.some((each) => intersection(each, wanted) !== undefined);
}

function intervalsOf(alternative: string, isFirst: boolean): readonly Interval[] {
  const found: Interval[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(alternative);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const open = isFirst ? take(OPEN_HYPHEN) : null;
  if (open !== null) found.push(...between({ numbers: [], pre: undefined }, partsOf(open, 1)));
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

/** The numbers that are given: none for `x`, up to three, and the prerelease that follows. */
interface Parts {
  readonly numbers: readonly number[];
  readonly pre: readonly (number | string)[] | undefined;
}

function partsOf(match: RegExpExecArray, first: number): Parts {
  const numbers: number[] = [];
  for (const part of match.slice(first, first + 3)) {
    if (part === undefined || !/^[0-9]/.test(part)) break;
    numbers.push(Number(part));
  }
  const pre = match[first + 3]
    ?.replace(/^-/, '')
    .split('.')
    .map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
  return { numbers, pre };
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
  if (operator === '>') {
    return [
      full
        ? { low: { version: low, included: false }, high: top }
        : interval(release(next(numbers)), ENDLESS),
    ];
  }
  if (operator === '<') return [interval(LOWEST, numbers.length === 2 ? bottom(numbers) : low)];
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
const lowest = ({ numbers, pre }: Parts): Version => ({ ...release(numbers), pre });

function release([major = 0, minor = 0, patch = 0]: readonly number[]): Version {
  return { numbers: [major, minor, patch], pre: undefined };
}

/** The lowest prerelease of the version with these numbers. */
const bottom = (numbers: readonly number[]): Version => ({ ...release(numbers), pre: [0] });

/** What comes after every version with these numbers: the lowest prerelease of the next. */
const after = (numbers: readonly number[]): Version => bottom(next(numbers));

const next = (numbers: readonly number[]): readonly number[] =>
  numbers.with(-1, (numbers.at(-1) ?? 0) + 1);

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
  const index = a.numbers.findIndex((part, at) => part !== b.numbers[at]);
  return index < 0 ? comparePre(a.pre, b.pre) : (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
}

/** A prerelease comes before its version; among prereleases numbers before words, the shorter before the longer. */
function comparePre(a: Version['pre'], b: Version['pre']): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const index = a.findIndex((part, at) => part !== b[at]);
  if (index < 0) return a.length - b.length;
  const [left = '', right] = [a[index], b[index]];
  if (right === undefined) return 1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  return left < right ? -1 : 1;
}
