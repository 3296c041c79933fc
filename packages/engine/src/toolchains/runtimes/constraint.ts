type Numbers = readonly number[];
type Test = (version: Numbers) => boolean;

const TERM = /^(\^|~>|~|>=|<=|!=|==|=|>|<)?v?([0-9]+(?:\.[0-9]+)*)(\.[*x])*(?:[-+@].*)?$/;
const ANYTHING = /^(?:\*|x|@[a-z]+|>=0)$/;

/** The leading numbers of a version. */
export const numbersOf = (version: string): Numbers =>
  (/^v?([0-9]+(?:\.[0-9]+)*)/.exec(version)?.[1] ?? '').split('.').map(Number);

/** By numbers, absent ones being zero. */
export function compareVersions(one: Numbers, other: Numbers): number {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Whether a version fits what a source asks for, in the words that Composer, RubyGems, Hex and Shards share: alternatives
 * (`||`, `or`) of terms that all hold. A plain version is a prefix: `8.2` is every 8.2. Undefined for a text that is none
 * of this. Grammars: https://getcomposer.org/doc/articles/versions.md, https://guides.rubygems.org/patterns/.
 */
export function satisfies(version: string, constraint: string): boolean | undefined {
  const alternatives = spelled(constraint).map((terms) => terms.map(testOf));
  if (alternatives.some((tests) => tests.length === 0 || tests.includes(undefined)))
    return undefined;
  const numbers = numbersOf(version);
  return alternatives.some((tests) => tests.every((test) => test?.(numbers)));
}

/** Alternatives, each a list of terms without white space. */
function spelled(constraint: string): string[][] {
  const text = constraint
    .trim()
    .replace(/([0-9.]+)\s+-\s+([0-9.]+)/g, '>=$1,<=$2')
    .replace(/([<>=~^!])\s+/g, '$1');
  return text
    .split(/\s*\|\|?\s*|\s+or\s+/)
    .map((one) => one.split(/\s*,\s*|\s+and\s+|\s+/).filter((term) => term !== ''));
}

function testOf(term: string): Test | undefined {
  if (ANYTHING.test(term)) return () => true;
  const [, operator = '', text, wildcard] = TERM.exec(term) ?? [];
  if (text === undefined) return undefined;
  const wanted = numbersOf(text);
  const prefix: Test = (version) => wanted.every((number, at) => version[at] === number);
  const against = (version: Numbers) => compareVersions(version, wanted);
  const upTo = (version: Numbers, parts: number) =>
    wanted.slice(0, parts).every((number, at) => version[at] === number);
  const tests: Readonly<Record<string, Test>> = {
    '>=': (version) => against(version) >= 0,
    '<=': (version) => against(version) <= 0 || prefix(version),
    '>': (version) => against(version) > 0,
    '<': (version) => against(version) < 0,
    '!=': (version) => !prefix(version),
    '^': (version) => against(version) >= 0 && upTo(version, wanted[0] === 0 ? 2 : 1),
    '~': (version) => against(version) >= 0 && upTo(version, Math.max(1, wanted.length - 1)),
  };
  if (wildcard !== undefined) return operator === '!=' ? (version) => !prefix(version) : prefix;
  return tests[operator === '~>' ? '~' : operator] ?? prefix;
}
