import { UserError, workspacePath } from '@nx-nixpack/base';
import { workspaceModel, type WorkspaceModel } from '@nx-nixpack/sdk/workspace';
import type { ResolvedOptions } from '../options/options.js';
import { resolveOptions } from '../options/resolve-options.js';
import { settleNames } from './project-names.js';
import { targetClashes } from './target-clashes.js';
import { componentProjects, type ComponentProject } from './projects.js';

/** What the deployment files of a workspace come to. */
export interface Inferred {
  readonly options: ResolvedOptions;
  readonly model: WorkspaceModel;
  readonly projects: readonly ComponentProject[];
  /** Names of projects that are there, or will be. */
  readonly taken: ReadonlySet<string>;
}

/** Throws UserError with everything that is wrong in nx.json, or else with the names of projects. */
export function inferred(
  workspaceRoot: string,
  given: unknown,
  files: readonly string[],
): Inferred {
  const options = resolveOptions(given, workspaceRoot);
  const model = workspaceModel(workspaceRoot, options);
  const { workspace } = model;
  const unnamed = componentProjects(workspace, options);
  const { projects, problems, taken } = settleNames(unnamed, options, {
    workspaceRoot,
    files: files.filter((file) => /(?:^|\/)(?:package|project)\.json$/.test(file)),
    isMember: (directory) => {
      const path = workspacePath(directory);
      return path !== undefined && model.isMember(path);
    },
  });
  const clashes = [...problems, ...unnamed.flatMap(targetClashes)];
  if (clashes.length > 0) throw UserError.of(clashes);
  return { options, model, projects, taken };
}
