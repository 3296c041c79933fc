import { characterAt, matcherOf, NEVER, type Range, type Token } from './token-match.js';

/** Any number of double stars in a row say what one says. */
const REPEATED = /(^|\/)(?:\*\*+\/){2,}/g;

/** POSIX classes for ASCII, as git's own table has them (`space` without vertical tab and form feed). */
const CLASSES: ReadonlyMap<string, readonly Range[]> = new Map([
  ['alnum', ranges('09', 'AZ', 'az')],
  ['alpha', ranges('AZ', 'az')],
  ['blank', ranges('  ', '\t\t')],
  ['cntrl', ranges('\0\x1f', '\x7f\x7f')],
  ['digit', ranges('09')],
  ['graph', ranges('!~')],
  ['lower', ranges('az')],
  ['print', ranges(' ~')],
  ['punct', ranges('!/', ':@', '[`', '{~')],
  ['space', ranges('  ', '\t\n', '\r\r')],
  ['upper', ranges('AZ')],
  ['xdigit', ranges('09', 'AF', 'af')],
]);

function ranges(...pairs: readonly string[]): readonly Range[] {
  return pairs.map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]);
}

/**
 * A test for git's wildmatch with WM_PATHNAME. Characters are compared as they are:
 * give pattern and text as byte strings to match bytes, as git does.
 */
export function compileWildmatch(pattern: string): (text: string) => boolean {
  return matcherOf(tokenize(pattern.replace(REPEATED, '$1**/')));
}

function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  let index = 0;
  while (index < pattern.length) {
    const [token, next] = tokenAt(pattern, index);
    if (token.kind === 'starstar' && pattern[next] === '/') tokens.push({ kind: 'optional' });
    tokens.push(token);
    index = next;
  }
  return tokens;
}

function tokenAt(pattern: string, index: number): readonly [Token, number] {
  switch (pattern[index]) {
    case '*':
      return starsAt(pattern, index);
    case '?':
      return [{ kind: 'any' }, index + 1];
    case '[':
      return classAt(pattern, index);
    case '\\':
      if (index + 1 === pattern.length) return [NEVER, index + 1];
      return [characterAt(pattern, index + 1), index + 2];
    default:
      return [characterAt(pattern, index), index + 1];
  }
}

/** `**` means directories only when it stands alone between slashes or ends; otherwise it is a `*`. */
function starsAt(pattern: string, start: number): readonly [Token, number] {
  let end = start;
  while (pattern[end] === '*') end++;
  const opens = start === 0 || pattern[start - 1] === '/';
  const closes = end === pattern.length || pattern[end] === '/' || pattern.startsWith('\\/', end);
  if (end - start === 1 || !opens || !closes) return [{ kind: 'star' }, end];
  return [{ kind: 'starstar' }, end];
}

function classAt(pattern: string, start: number): readonly [Token, number] {
  const negated = pattern[start + 1] === '!' || pattern[start + 1] === '^';
  const list: Range[] = [];
  const end = readClass(pattern, start + (negated ? 2 : 1), list);
  return end === undefined
    ? [NEVER, pattern.length]
    : [{ kind: 'class', negated, ranges: list, crosses: false }, end];
}

/** Reads up to and over the closing bracket; undefined when there is none or a named class is unknown. */
function readClass(pattern: string, start: number, list: Range[]): number | undefined {
  let previous: number | undefined;
  let index = start;
  do {
    const member = memberAt(pattern, index, previous);
    if (member === undefined) return undefined;
    list.push(...member.ranges);
    previous = member.previous;
    index = member.next;
  } while (pattern[index] !== ']');
  return index + 1;
}

interface ClassMember {
  readonly ranges: readonly Range[];
  readonly next: number;
  /** What a following `-` may begin a range with. */
  readonly previous: number | undefined;
}

function memberAt(
  pattern: string,
  index: number,
  previous: number | undefined,
): ClassMember | undefined {
  const following = pattern[index + 1];
  const ranged = pattern[index] === '-' && previous !== undefined && following !== undefined;
  if (ranged && following !== ']') return rangeAt(pattern, index + 1, previous);
  if (pattern[index] === '[' && following === ':') return namedAt(pattern, index);
  return single(pattern, index);
}

function single(pattern: string, index: number): ClassMember | undefined {
  const at = pattern[index] === '\\' ? index + 1 : index;
  if (at >= pattern.length) return undefined;
  const code = pattern.charCodeAt(at);
  return { ranges: [[code, code]], next: at + 1, previous: code };
}

function rangeAt(pattern: string, index: number, from: number): ClassMember | undefined {
  const end = single(pattern, index);
  if (end?.previous === undefined) return undefined;
  return { ranges: [[from, end.previous]], next: end.next, previous: undefined };
}

/** `[:alpha:]`; without `:]` the bracket is an ordinary member of the class. */
function namedAt(pattern: string, index: number): ClassMember | undefined {
  const end = pattern.indexOf(']', index + 2);
  if (end === -1) return undefined;
  if (end === index + 2 || pattern[end - 1] !== ':') return single(pattern, index);
  const named = CLASSES.get(pattern.slice(index + 2, end - 1));
  return named === undefined ? undefined : { ranges: named, next: end + 1, previous: undefined };
}
