import { compareText } from '@nx-nixpack/base';
import { pathGlob } from '../ignore/path-glob.js';
import type { SourceTree } from '../source/source-tree.js';
import { joinDirectories } from './workspace-path.js';

/** Directories of a link that leads upwards have no end. */
const MAX_DEPTH = 16;

/** Whether the globs name a directory; one that begins with `!` takes back what those before it named. */
export function claims(globs: readonly string[], directory: string): boolean {
  return globs.reduce((claimed, glob) => {
    const negated = glob.startsWith('!');
    if (claimed !== negated) return claimed;
    const test = compiled(cleaned(negated ? glob.slice(1) : glob));
    return test(directory) ? !negated : claimed;
  }, false);
}

/** Every component of a workspace, and every member of it, is asked about the same few globs. */
const compiledGlobs = new Map<string, ReturnType<typeof pathGlob>>();
const MAX_COMPILED = 1000;

function compiled(glob: string): ReturnType<typeof pathGlob> {
  const known = compiledGlobs.get(glob);
  if (known !== undefined) return known;
  if (compiledGlobs.size === MAX_COMPILED) compiledGlobs.clear();
  const test = pathGlob(glob);
  compiledGlobs.set(glob, test);
  return test;
}

const cleaned = (glob: string): string => glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');

/** The directories below a workspace's root that the globs name, in byte order. */
export function memberDirectories(
  tree: SourceTree,
  root: string,
  globs: readonly string[],
): readonly string[] {
  const found: string[] = [];
  const patterns = globs.map(cleaned);
  const depth = patterns.some((glob) => glob.includes('**'))
    ? MAX_DEPTH
    : Math.max(0, ...patterns.map((glob) => glob.split('/').length));
  const pending = [{ directory: '', level: 0 }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { directory, level } = at;
    if (directory !== '' && claims(globs, directory)) found.push(directory);
    if (level === depth) continue;
    for (const name of childrenOf(tree, joinDirectories(root, directory))) {
      const below = joinDirectories(directory, name);
      if (name !== 'node_modules' && tree.isDirectory(joinDirectories(root, below)))
        pending.push({ directory: below, level: level + 1 });
    }
  }
  return found.sort(compareText);
}

const childrenOf = (tree: SourceTree, directory: string): readonly string[] =>
  directory === '' ? tree.children : tree.subtree(directory).children;
