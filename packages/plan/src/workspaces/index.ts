import { inWorkspace, UserError, type Problem, type WorkspacePath } from '@nx-nixpack/base';
import type { SourceTree } from '../source/source-tree.js';
import { bun } from './bun.js';
import { cargo } from './cargo.js';
import { findClaim, possibleOwners, type Claim } from './claim.js';
import type { Closure, ContextFile, Ecosystem } from './ecosystem.js';
import { go } from './go.js';
import type { Edge } from './model.js';
import { npm } from './npm/index.js';
import { pnpm } from './pnpm.js';
import { uv } from './uv.js';
import { yarn } from './yarn.js';

/** Every kind of workspace, in the order in which they are asked at one directory. */
export const WORKSPACES: readonly Ecosystem[] = [pnpm, npm, yarn, bun, go, cargo, uv];

/**
 * What of the workspace belongs to one component. undefined: the source stands alone, and nothing differs from nixpacks.
 * `extraEdges` are dependencies that manifests do not show (Nx's project graph). Throws UserError WORKSPACE_… for what
 * does not fit together, UNSUPPORTED for a source that a workspace claims whose members cannot be cut out yet.
 */
export function closure(
  tree: SourceTree,
  source: WorkspacePath,
  extraEdges: readonly Edge[],
  ecosystems = WORKSPACES,
): Closure | undefined {
  const claim = findClaim(tree, source, ecosystems);
  if (claim === undefined) return undefined;
  const rules = claim.ecosystem.closure;
  if (rules === undefined) throw unsupported(claim);
  const { ecosystem, root } = claim;
  return { source, root, ecosystem, ...rules.close(tree, claim, extraEdges) };
}

/** Whether a package manager's workspace has the directory as a member. */
export const isMember = (
  tree: SourceTree,
  directory: WorkspacePath,
  ecosystems = WORKSPACES,
): boolean => findClaim(tree, directory, ecosystems) !== undefined;

/** The layout of a workspace without a choice of its files: for `workspace: whole`, and for a lone source with files outside. */
export function plainLayout(source: WorkspacePath): Closure {
  return {
    source,
    root: inWorkspace``,
    members: [],
    rootFiles: [],
    derived: () => new Map(),
    watched: [],
    installInputsReason: 'files outside of the source belong to the build',
    problems: [],
  };
}

/**
 * For `workspace: whole`: all files as they are, and of the closure only what orders the commands. What does not fit
 * together is a warning here, since the package manager sees everything and decides.
 */
export function wholeWorkspace(
  tree: SourceTree,
  source: WorkspacePath,
  extraEdges: readonly Edge[],
  ecosystems = WORKSPACES,
): Closure {
  const claim = findClaim(tree, source, ecosystems);
  if (claim === undefined) return plainLayout(source);
  const { root, ecosystem } = claim;
  const layout = { ...plainLayout(source), ecosystem, root };
  if (ecosystem.closure === undefined) return layout;
  const installInputsReason = 'the whole workspace is installed';
  try {
    const { members } = ecosystem.closure.close(tree, claim, extraEdges);
    return { ...layout, members, installInputsReason };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...layout, installInputsReason, problems: error.problems };
  }
}

/**
 * Warnings about what files of the build import although only the rest of the workspace brings it: it works there and
 * will be missing in the image. Asked for a source that no workspace claims, too.
 */
export function undeclaredImports(
  tree: SourceTree,
  closure: Closure,
  files: readonly ContextFile[],
  ecosystems = WORKSPACES,
): readonly Problem[] {
  const { ecosystem, source } = closure;
  const asked = ecosystem ? [ecosystem] : possibleOwners(tree, source, ecosystems);
  return asked.flatMap((each) => each.closure?.undeclared(tree, closure, files) ?? []);
}

const unsupported = ({ ecosystem, path, source }: Claim): UserError =>
  new UserError({
    code: 'UNSUPPORTED',
    message: `${path} makes ${source} a member of a ${ecosystem.name} workspace, which is not supported yet`,
    hint: 'Set `workspace: off` when the source builds alone, or `workspace: whole` to build with the whole workspace.',
    at: { file: path, line: 1, column: 1 },
  });
