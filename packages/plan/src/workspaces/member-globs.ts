import { pathGlob } from '../ignore/path-glob.js';

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
