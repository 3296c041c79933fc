import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { Progress } from '@nx-nixpack/base';
import type { Described } from '@nx-nixpack/sdk/workspace';
import type { ResolvedOptions } from '../options/options.js';
import { optionsFromNxJson } from '../options/resolve-options.js';
import { signedResultsRequired } from '../options/signed-results.js';
import { brokenContract } from '../tasks/broken-contract.js';
import type { Pointers } from '../tasks/component-task.js';
import { taskNamed, type TaskName } from '../tasks/tasks.js';
import { consoleProgress, printResult, reporting, type Outcome } from './reporting.js';

/** What the functions of the SDK want of every task. */
export interface ComponentRequest extends Pointers {
  readonly workspaceRoot: string;
  readonly described: Described;
  readonly requireSigned: boolean;
  readonly storeDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly access: ReturnType<typeof import('@nx-nixpack/sdk/system').registryAccess>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export type Executor<Options> = (options: Options, context: ExecutorContext) => Promise<Outcome>;

/** An executor of one component: `work` gives back what the task ends with. What is not needed is not loaded. */
export const componentExecutor =
  <Options extends Pointers>(
    name: TaskName,
    work: (options: Options, request: ComponentRequest, plugin: ResolvedOptions) => Promise<string>,
  ): Executor<Options> =>
  (options, context) =>
    reporting(async (signal) => {
      warnOfContract(name, options, context);
      const plugin = optionsFromNxJson(context.nxJsonConfiguration, context.root);
      const request = await componentRequest(options, context, plugin, signal);
      printResult(await work(options, request, plugin));
    });

function warnOfContract(name: TaskName, options: Pointers, { target }: ExecutorContext): void {
  const broken = brokenContract(target, taskNamed(name), options);
  if (broken !== undefined) consoleProgress.warn(broken);
}

async function componentRequest(
  { deployment, component }: Pointers,
  { root }: ExecutorContext,
  plugin: ResolvedOptions,
  signal: AbortSignal,
): Promise<ComponentRequest> {
  const { registryAccess, storeDirectory } = await import('@nx-nixpack/sdk/system');
  const { findComponent, workspaceModel } = await import('@nx-nixpack/sdk/workspace');
  const { store } = plugin;
  return {
    workspaceRoot: root,
    deployment,
    component,
    described: findComponent(workspaceModel(root, plugin).workspace, deployment, component),
    requireSigned: signedResultsRequired(plugin, process.env),
    storeDirectory: storeDirectory(process.env, store && resolve(root, store)),
    environment: process.env,
    access: registryAccess(consoleProgress, signal),
    progress: consoleProgress,
    signal,
  };
}
