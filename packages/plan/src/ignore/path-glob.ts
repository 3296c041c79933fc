import { compileWildmatch } from './wildmatch.js';

const MAX_ALTERNATIVES = 1000;

/**
 * A test for paths: `*` and `?` stay in one directory, `**` as a whole part crosses directories, `[a-z]` is a class,
 * `{a,b}` are alternatives. The time is bounded for any pattern.
 */
export function pathGlob(pattern: string): (path: string) => boolean {
  const tests = expandBraces(pattern).map(compileWildmatch);
  return (path) => tests.some((test) => test(path));
}

/** `{a,b}` as several patterns, innermost braces first. */
function expandBraces(pattern: string): readonly string[] {
  let patterns: readonly string[] = [pattern];
  for (;;) {
    const expanded = patterns.flatMap(expandOne);
    if (expanded.length === patterns.length || expanded.length > MAX_ALTERNATIVES) return patterns;
    patterns = expanded;
  }
}

function expandOne(pattern: string): readonly string[] {
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (braces === null) return [pattern];
  const before = pattern.slice(0, braces.index);
  const after = pattern.slice(braces.index + braces[0].length);
  return (braces[1] ?? '').split(',').map((choice) => before + choice + after);
}
