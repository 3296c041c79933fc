import type { NixpackComponent } from '@nx-nixpack/deployment';
import { sourceTree, watchedPaths as pathsOfSource } from '@nx-nixpack/plan';
import { diskTree } from '../system/disk-tree.js';

/**
 * Paths besides the source whose change may change the component's plan, as Nx inputs relative to the root: libraries of
 * the workspace, its manifests, what `include` names. Never throws: planning says what is wrong.
 */
export function watchedPaths(root: string, { vars }: NixpackComponent): string[] {
  const { source, workspace, include } = vars;
  const tree = sourceTree(diskTree(root), { name: '' });
  return [...pathsOfSource(tree, { source, workspace }), ...include.flatMap(included)];
}

/** A directory means everything in it; whether the pattern names one may change. */
const included = (pattern: string): readonly string[] => [pattern, `${pattern}/**/*`];
