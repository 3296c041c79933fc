import { UserError, type FileTree } from '@nx-nixpack/base';
import type { NixpackComponent } from '@nx-nixpack/deployment';
import { closure, sourceTree, watchedPaths as pathsOfSource } from '@nx-nixpack/plan';

/**
 * Paths besides the source whose change may change the component's plan, as Nx inputs relative to the root: libraries of
 * the workspace, its manifests, what `include` names. Never throws: planning says what is wrong.
 */
export function watchedPaths(files: FileTree, { vars }: NixpackComponent): readonly string[] {
  const { source, workspace, include } = vars;
  const tree = sourceTree(files, { name: '' });
  return [...pathsOfSource(tree, { source, workspace }), ...include.flatMap(included)];
}

/** A directory means everything in it; whether the pattern names one may change. */
const included = (pattern: string): readonly string[] => [pattern, `${pattern}/**/*`];

/** Whether a workspace of a package manager has the directory as a member. */
export function isWorkspaceMember(files: FileTree, directory: string): boolean {
  try {
    return closure(sourceTree(files, { name: '' }), directory, []) !== undefined;
  } catch (error) {
    if (error instanceof UserError) return true; // claimed, and something does not fit together
    throw error;
  }
}
