import type { NixpackComponent } from '@nx-nixpack/deployment';
import { watchedPaths as pathsOfSource, type SourceTree } from '@nx-nixpack/plan/inference';

/**
 * Paths besides the source whose change may change the component's plan, as Nx inputs relative to the root: libraries of
 * the workspace, its manifests, what `include` names. Never throws: planning says what is wrong.
 */
export function watchedPaths(tree: SourceTree, { vars }: NixpackComponent): readonly string[] {
  const { source, workspace, include } = vars;
  if (source === undefined) return [];
  return [...pathsOfSource(tree, { source, workspace }), ...include.flatMap(included)];
}

/** A directory means everything in it; whether the pattern names one may change. */
const included = (pattern: string): readonly string[] => [pattern, `${pattern}/**/*`];
