import { compileWildmatch } from '../ignore/wildmatch.js';
import { isObject } from './manifest.js';

/** The `workspaces` of a package.json: a list, or a list in `packages`. */
export function workspaceGlobs(workspaces: unknown): readonly string[] {
  const list = isObject(workspaces) ? workspaces['packages'] : workspaces;
  if (!Array.isArray(list)) return [];
  return list.filter((glob): glob is string => typeof glob === 'string');
}

/** Whether the globs name a directory; one that begins with `!` takes back what those before it named. */
export function claims(globs: readonly string[], directory: string): boolean {
  return globs.reduce((claimed, glob) => {
    const negated = glob.startsWith('!');
    if (claimed !== negated) return claimed;
    const pattern = cleaned(negated ? glob.slice(1) : glob);
    return expandBraces(pattern).some((each) => compileWildmatch(each)(directory))
      ? !negated
      : claimed;
  }, false);
}

const cleaned = (glob: string): string => glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');

const MAX_ALTERNATIVES = 1000;

/** `{a,b}` as several patterns, innermost braces first. */
function expandBraces(pattern: string): readonly string[] {
  let patterns = [pattern];
  for (let round = 0; round < 20; round++) {
    const expanded = patterns.flatMap(expandOne);
    if (expanded.length === patterns.length || expanded.length > MAX_ALTERNATIVES) return patterns;
    patterns = expanded;
  }
  return patterns;
}

function expandOne(pattern: string): readonly string[] {
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (braces === null) return [pattern];
  const [before, after] = [
    pattern.slice(0, braces.index),
    pattern.slice(braces.index + braces[0].length),
  ];
  return (braces[1] ?? '').split(',').map((choice) => before + choice + after);
}
