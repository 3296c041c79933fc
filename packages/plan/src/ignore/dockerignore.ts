import { UserError } from '@nx-nixpack/base';
import { characterAt, matcherOf, type Range, type Token } from './token-match.js';

/** The rules of a `.dockerignore`. */
export interface DockerignoreRules {
  /** Whether a file or directory is left out, judged by itself and by its parents. `path` is relative to the file's directory. */
  excludes(path: string): boolean;
  /** Whether something below an excluded directory may be kept, so that a walker must enter it. */
  readonly hasExceptions: boolean;
}

interface Pattern {
  readonly keeps: boolean;
  readonly test: (path: string) => boolean;
}

/**
 * Reads a `.dockerignore` in Docker's grammar (Docker documentation, "dockerignore files"): patterns from the
 * directory of the file on, `*`, `?`, `[a-z]`, `**`, `!`, the last match wins. `file` names it in messages.
 * Throws UserError SOURCE_UNSUPPORTED at a pattern that Docker refuses too.
 */
export function parseDockerignore(text: string, file: string): DockerignoreRules {
  const patterns = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((line, index) => patternOf(line, { file, line: index + 1, column: 1 }));
  return {
    hasExceptions: patterns.some(({ keeps }) => keeps),
    excludes(path) {
      const prefixes = prefixesOf(path);
      return patterns.reduce((excluded, pattern) => {
        // A pattern that would not change the answer is not tried.
        if (pattern.keeps !== excluded || !prefixes.some(pattern.test)) return excluded;
        return !excluded;
      }, false);
    },
  };
}

/** The path itself and its parents: `a/b/c`, `a`, `a/b`. */
function prefixesOf(path: string): readonly string[] {
  const prefixes = [path];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1))
    prefixes.push(path.slice(0, end));
  return prefixes;
}

function patternOf(
  line: string,
  at: { file: string; line: number; column: number },
): readonly Pattern[] {
  if (line.startsWith('#') || line.trim() === '') return [];
  const keeps = line.trim().startsWith('!');
  const written = keeps ? line.trim().slice(1).trim() : line.trim();
  const tokens = written === '' ? undefined : tokenize(clean(written));
  if (tokens !== undefined) return [{ keeps, test: matcherOf(tokens) }];
  throw new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `"${line.trim()}" is not a pattern of a .dockerignore file`,
    hint: 'Close every bracket, end no pattern with a backslash, and write something after "!".',
    at,
  });
}

/** Removes empty, `.` and `..` parts and the slash at the beginning, by spelling alone. */
function clean(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') continue;
    const up = part === '..' && parts.length > 0 && parts.at(-1) !== '..';
    if (up) parts.pop();
    else if (part !== '..' || !pattern.startsWith('/')) parts.push(part);
  }
  return parts.join('/');
}

/** undefined when the pattern is malformed. */
function tokenize(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let index = 0;
  while (index < pattern.length) {
    const [read, next] = tokensAt(pattern, index);
    if (read === undefined) return undefined;
    tokens.push(...read);
    index = next;
  }
  return tokens;
}

function tokensAt(pattern: string, index: number): readonly [readonly Token[] | undefined, number] {
  switch (pattern[index]) {
    case '*':
      return pattern[index + 1] === '*'
        ? doubleStarAt(pattern, index)
        : [[{ kind: 'star' }], index + 1];
    case '?':
      return [[{ kind: 'any' }], index + 1];
    case '[':
      return classAt(pattern, index);
    case '\\':
      if (index + 1 === pattern.length) return [undefined, index];
      return [[characterAt(pattern, index + 1)], index + 2];
    default:
      return [[characterAt(pattern, index)], index + 1];
  }
}

/** At the end everything, elsewhere any number of whole directories; a slash after it belongs to it. */
function doubleStarAt(pattern: string, index: number): readonly [readonly Token[], number] {
  const next = pattern[index + 2] === '/' ? index + 3 : index + 2;
  if (next === pattern.length) return [[{ kind: 'starstar' }], next];
  // `**name` at the beginning is a suffix of the whole path, not of a directory's name.
  if (index === 0 && next === 2 && isPlain(pattern.slice(2))) return [[{ kind: 'starstar' }], next];
  return [[{ kind: 'optional' }, { kind: 'starstar' }, characterAt('/', 0)], next];
}

const isPlain = (text: string): boolean => !/[*?[\]\\]/.test(text);

/** `[^a-z]` as Go's path matching reads it. Unlike git's, such a class may match a slash. */
function classAt(pattern: string, start: number): readonly [readonly Token[] | undefined, number] {
  const negated = pattern[start + 1] === '^';
  const list: Range[] = [];
  let index = start + (negated ? 2 : 1);
  while (list.length === 0 || pattern[index] !== ']') {
    const range = rangeAt(pattern, index);
    if (range === undefined) return [undefined, index];
    list.push([range.from, range.to]);
    index = range.next;
  }
  return [[{ kind: 'class', negated, ranges: list, crosses: true }], index + 1];
}

function rangeAt(
  pattern: string,
  index: number,
): { from: number; to: number; next: number } | undefined {
  const from = memberAt(pattern, index);
  if (from === undefined || pattern[from.next] !== '-') {
    return from && { from: from.code, to: from.code, next: from.next };
  }
  const to = memberAt(pattern, from.next + 1);
  return to && { from: from.code, to: to.code, next: to.next };
}

function memberAt(pattern: string, index: number): { code: number; next: number } | undefined {
  const refused = pattern[index] === '-' || pattern[index] === ']';
  const at = pattern[index] === '\\' ? index + 1 : index;
  if (refused || at >= pattern.length) return undefined;
  return { code: pattern.charCodeAt(at), next: at + 1 };
}
