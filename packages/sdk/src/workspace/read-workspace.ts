import type { Problem } from '@nx-nixpack/base';
import {
  checkWorkspace,
  loadDeployment,
  maxDeploymentBytes,
  type Deployment,
  type LoadedDeployment,
} from '@nx-nixpack/deployment';
import { DEPLOYMENT_FILES, workspaceFacts, workspaceFiles } from './workspace-files.js';

export interface Workspace {
  readonly root: string;
  /** The deployments that could be read, in order of their files. */
  readonly deployments: readonly Deployment[];
  /** Everything that is wrong, in order of files and places. */
  readonly problems: readonly Problem[];
}

export interface ReadOptions {
  /** Glob of the deployment files, relative to the root. */
  readonly deployments?: string;
  /** Environment variables that templates may name as `env.<NAME>`. */
  readonly allowedEnv?: readonly string[];
  /** Keys and values that one deployment file may have; default 250,000. */
  readonly maxDeploymentValues?: number;
}

/** Reads every deployment file of a workspace. Never throws for what a user wrote: see `problems`. */
export function readWorkspace(root: string, options: ReadOptions = {}): Workspace {
  const { deployments: files = DEPLOYMENT_FILES, allowedEnv = [], maxDeploymentValues } = options;
  const facts = workspaceFacts(root);
  // One byte more than is read of a file tells that there is more.
  const most = maxDeploymentBytes(maxDeploymentValues) + 1;
  const loaded = workspaceFiles(root, files, most).map((file): LoadedDeployment => {
    if ('problem' in file) return { problems: [file.problem] };
    const { path, content } = file;
    const limit = maxDeploymentValues === undefined ? {} : { maxValues: maxDeploymentValues };
    return loadDeployment({ file: path, content, workspace: facts, allowedEnv, ...limit });
  });
  const deployments = loaded.flatMap(({ deployment }) => (deployment ? [deployment] : []));
  const problems = [...loaded.flatMap((file) => file.problems), ...checkWorkspace(deployments)];
  return { root, deployments, problems };
}
