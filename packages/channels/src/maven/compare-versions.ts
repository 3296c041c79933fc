import { compareText } from '@nx-nixpack/base';

/** Qualifiers in the order of Maven's ComparableVersion; the release itself is ''. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const ALIASES: Readonly<Record<string, string>> = { cr: 'rc', ga: '', final: '', release: '' };
/** A single letter means a word right before a number alone. */
const LETTERS: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };
const RELEASE = QUALIFIERS.indexOf('');

/** By Maven's version order (POM reference, "Version Order Specification"). */
export function compareMaven(a: string, b: string): number {
  const [left, right] = [tokensOf(a), tokensOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = compareTokens(left[index], right[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numbers and words; `-`, `.` and changes between digits and letters separate them. */
const tokensOf = (version: string): string[] => {
  const tokens = version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  const words = tokens.map((token, index) => {
    const beforeNumber = /^\d/.test(tokens[index + 1] ?? '');
    return ALIASES[token] ?? (beforeNumber ? LETTERS[token] : undefined) ?? token;
  });
  // Zeros before a word or the end say nothing: 1.0-rc1 is 1-rc1.
  return words.reduceRight<string[]>((rest, word) => {
    const saysNothing = (word === '0' || word === '') && !/^\d/.test(rest[0] ?? '');
    return saysNothing ? rest : [word, ...rest];
  }, []);
};

function compareTokens(a: string | undefined, b: string | undefined): number {
  const [left, right] = [rank(a), rank(b)];
  return left.kind - right.kind || left.value - right.value || compareText(a ?? '', b ?? '');
}

/** A number comes after every word, an unknown word after the known ones; an absent token is a release. */
function rank(token: string | undefined): { kind: number; value: number } {
  if (token === undefined) return { kind: 0, value: RELEASE };
  if (/^\d/.test(token)) return { kind: 1, value: Number(token) };
  const known = QUALIFIERS.indexOf(token);
  return { kind: 0, value: known < 0 ? QUALIFIERS.length : known };
}
