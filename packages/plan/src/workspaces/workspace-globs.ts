import { pathGlob } from '../ignore/path-glob.js';
import { isObject } from './npm/manifest.js';

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
    return pathGlob(pattern)(directory) ? !negated : claimed;
  }, false);
}

const cleaned = (glob: string): string => glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
