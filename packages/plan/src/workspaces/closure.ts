import { UserError } from '@nx-nixpack/base';
import type { Closure, Edge } from './model.js';
import { npmClosure } from './npm/index.js';
import { findClaim, unsupportedWorkspace } from './claim.js';
import type { SourceTree } from '../source/source-tree.js';

export type { Closure, Edge, Member, Planned, RootFile } from './model.js';

/**
 * What of the workspace belongs to one component. undefined: the source stands alone, and nothing differs from nixpacks.
 * `extraEdges` are dependencies that manifests do not show (Nx's project graph). Throws UserError WORKSPACE_… for what
 * does not fit together, UNSUPPORTED for a source that a workspace of another package manager claims.
 */
export function closure(
  workspace: SourceTree,
  source: string,
  extraEdges: readonly Edge[],
): Closure | undefined {
  const claim = findClaim(workspace, source);
  if (claim === undefined) return undefined;
  if (claim.manager !== 'npm') throw unsupportedWorkspace(claim, source);
  return npmClosure(workspace, claim.root, source, extraEdges);
}

/** The layout of a workspace without a choice of its files: for `workspace: whole`, and for a lone source with files outside. */
export function plainLayout(source: string): Closure {
  return {
    source,
    ecosystem: 'none',
    root: '',
    members: [],
    rootFiles: [],
    derived: new Map(),
    installInputsReason: 'files outside of the source belong to the build',
    problems: [],
  };
}

/**
 * For `workspace: whole`: all files as they are, and of the closure only what orders the commands. What does not fit
 * together is a warning here, since the package manager sees everything and decides.
 */
export function wholeWorkspace(
  workspace: SourceTree,
  source: string,
  extraEdges: readonly Edge[],
): Closure {
  const claim = findClaim(workspace, source);
  const layout = plainLayout(source);
  if (claim === undefined) return layout;
  const { root, manager } = claim;
  if (manager !== 'npm') return { ...layout, ecosystem: 'other', root };
  const installInputsReason = 'the whole workspace is installed';
  try {
    const { members } = npmClosure(workspace, root, source, extraEdges);
    return { ...layout, ecosystem: 'npm', root, members, installInputsReason };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...layout, ecosystem: 'npm', root, installInputsReason, problems: error.problems };
  }
}
