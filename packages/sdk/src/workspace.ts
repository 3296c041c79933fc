import { UserError, type Problem } from '@nx-nixpack/base';
import {
  checkWorkspace,
  loadDeployment,
  maxDeploymentBytes,
  type Deployment,
  type LoadedDeployment,
  type NixpackComponent,
} from '@nx-nixpack/deployment';
import { closure, sourceTree } from '@nx-nixpack/plan';
import { diskTree } from './system/disk-tree.js';
import { DEPLOYMENT_FILES, workspaceFacts, workspaceFiles } from './system/workspace-files.js';

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

/** One nixpack component of a workspace without problems. Throws them all together otherwise. */
export function findComponent(
  workspace: Workspace,
  deploymentName: string,
  componentName: string,
): { deployment: Deployment; component: NixpackComponent } {
  const deployment = workspace.deployments.find(({ name }) => name === deploymentName);
  const own = workspace.problems.filter(({ at }) => !deployment || at?.file === deployment.file);
  if (own.length > 0) throw UserError.of(own);
  if (!deployment)
    throw unknown(`There is no deployment "${deploymentName}"`, workspace.deployments);
  const nixpack = deployment.components.filter((one) => one.type === 'nixpack');
  const component = nixpack.find(({ name }) => name === componentName);
  if (component) return { deployment, component };
  throw unknown(
    `Deployment "${deploymentName}" has no nixpack component "${componentName}"`,
    nixpack,
  );
}

function unknown(message: string, known: readonly { name: string }[]): UserError {
  const names = known.map(({ name }) => name).join(', ');
  const hint = names === '' ? 'Describe it in a deployment file.' : `Name one of: ${names}.`;
  return new UserError({ code: 'CONFIG_UNKNOWN_COMPONENT', message, hint });
}

/**
 * Paths besides the source whose change may change the component's plan, as Nx inputs relative to the root: libraries of
 * the workspace, its manifests. Wider than the truth is harmless, it costs a plan. Never throws: planning says what is wrong.
 */
export function watchedPaths(root: string, { vars }: NixpackComponent): string[] {
  if (vars.workspace === 'off') return vars.include.slice();
  if (vars.workspace === 'whole') return ['**/*'];
  const paths = closurePaths(root, vars.source);
  return [...(paths ?? []), ...vars.include];
}

/** What a closure reads at the workspace root, even while it cannot be made. */
const ROOT_FILES = ['package.json', 'package-lock.json', '.npmrc'];

function closurePaths(root: string, source: string): readonly string[] | undefined {
  try {
    const found = closure(sourceTree(diskTree(root), { name: '' }), source, []);
    if (found === undefined) return undefined;
    const base = found.root === '' ? '' : `${found.root}/`;
    return [
      ...found.members.map(({ directory }) => `${directory}/**/*`),
      ...ROOT_FILES.map((name) => base + name),
      ...found.rootFiles.map(({ path }) => path),
    ];
  } catch (error) {
    if (error instanceof UserError) return ROOT_FILES;
    throw error;
  }
}
