import { baseName } from '@nx-nixpack/base';
import { compileWildmatch } from './wildmatch.js';

/** The rules of one ignore file. */
export interface IgnoreRules {
  /**
   * What the last matching rule says about one entry; undefined when no rule matches.
   * `path` is relative to the ignore file's directory. Parents are not consulted: a walker does not enter an
   * ignored directory, so nothing below it can be kept.
   */
  match(path: string, isDirectory: boolean): 'ignored' | 'kept' | undefined;
}

interface Rule {
  readonly keeps: boolean;
  readonly directoriesOnly: boolean;
  /** Matches the last part of the path, because the pattern has no slash. */
  readonly byName: boolean;
  readonly test: (text: string) => boolean;
}

/**
 * Reads an ignore file in git's grammar (gitignore documentation; details as git's dir.c and wildmatch.c behave).
 * Matching is case-sensitive and compares characters: give text and paths as byte strings to match bytes, as git does.
 */
export function parseIgnore(text: string): IgnoreRules {
  const rules = linesOf(text).flatMap(ruleOf).reverse();
  return {
    match(path, isDirectory) {
      const name = baseName(path);
      const rule = rules.find(
        (each) => (isDirectory || !each.directoriesOnly) && each.test(each.byName ? name : path),
      );
      if (rule === undefined) return undefined;
      return rule.keeps ? 'kept' : 'ignored';
    },
  };
}

/** Lines without comments, byte order mark, carriage returns and what follows a NUL, which ends a line for git. */
function linesOf(text: string): readonly string[] {
  return withoutByteOrderMark(text)
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .map((line) => trimSpaces(line.split('\0', 1)[0] ?? ''));
}

/** The mark as text or, in a byte string, as its three bytes. */
function withoutByteOrderMark(text: string): string {
  if (text.startsWith('\ufeff')) return text.slice(1);
  return text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text;
}

/** Spaces at the end do not count, unless a backslash stands before them. */
function trimSpaces(line: string): string {
  let end = 0;
  for (let index = 0; index < line.length; index++) {
    if (line[index] === ' ') continue;
    if (line[index] === '\\') index++;
    end = index + 1;
  }
  return line.slice(0, end);
}

function ruleOf(line: string): readonly Rule[] {
  const keeps = line.startsWith('!');
  const written = keeps ? line.slice(1) : line;
  const directoriesOnly = written.endsWith('/');
  const pattern = directoriesOnly ? written.slice(0, -1) : written;
  if (pattern === '') return [];
  const name = nameOf(pattern);
  const test = name === undefined ? pathTest(pattern) : nameTest(name);
  return [{ keeps, directoriesOnly, byName: name !== undefined, test }];
}

/** The part of a pattern that decides by the name alone: no slash in it, or none but those of a leading double star. */
function nameOf(pattern: string): string | undefined {
  const anywhere = /^\/?\*\*\/(?=[^/])/.exec(pattern)?.[0] ?? '';
  const name = pattern.slice(anywhere.length);
  return name.includes('/') ? undefined : name;
}

function nameTest(pattern: string): (name: string) => boolean {
  if (literalLength(pattern) === pattern.length) return (name) => name === pattern;
  const suffix = pattern.slice(1);
  if (pattern.startsWith('*') && literalLength(suffix) === suffix.length)
    return (name) => name.endsWith(suffix);
  return compileWildmatch(pattern);
}

/** As git does, the literal beginning is compared first and the rest stands as a pattern of its own (`a**` + `/b` crosses directories). */
function pathTest(written: string): (path: string) => boolean {
  const pattern = written.startsWith('/') ? written.slice(1) : written;
  const literal = pattern.slice(0, literalLength(pattern));
  if (literal.length === pattern.length) return (path) => path === pattern;
  const wild = compileWildmatch(pattern.slice(literal.length));
  return (path) => path.startsWith(literal) && wild(path.slice(literal.length));
}

function literalLength(pattern: string): number {
  const special = /[*?[\\]/.exec(pattern);
  return special === null ? pattern.length : special.index;
}
