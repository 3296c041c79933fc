import type { ExecutorContext, TargetConfiguration, TaskGraph } from '@nx/devkit';
import {
  describeProblem,
  publicText,
  secretsRead,
  UserError,
  type Progress,
} from '@nx-nixpack/base';
import { brokenContract } from '../../tasks/broken-contract.js';
import { taskNamed } from '../../tasks/tasks.js';
import { PlanTasks } from './plan-tasks.js';
import type { PlanImageOptions } from './schema.js';

interface TaskResult {
  readonly task: string;
  readonly result: { readonly success: boolean; readonly terminalOutput: string };
}

/** Plans all components of a run in one process: a fork for each would cost a hundred times the planning. */
export default async function* planImages(
  taskGraph: TaskGraph,
  options: Record<string, PlanImageOptions>,
  _overrides: PlanImageOptions,
  context: ExecutorContext,
): AsyncGenerator<TaskResult> {
  const lines: string[] = [];
  const progress = collector(lines);
  const tasks = new PlanTasks(context, progress);
  for (const task of Object.keys(taskGraph.tasks)) {
    const own = options[task];
    if (own === undefined) continue;
    lines.length = 0;
    const broken = brokenContract(targetOf(task, taskGraph, context), taskNamed('plan-image'), own);
    if (broken !== undefined) progress.warn(broken);
    const success = await reportFailure(() => tasks.run(own, task), lines);
    yield { task, result: { success, terminalOutput: `${lines.join('\n')}\n` } };
  }
}

function targetOf(
  task: string,
  { tasks }: TaskGraph,
  { projectGraph }: ExecutorContext,
): TargetConfiguration | undefined {
  const { project, target } = tasks[task]?.target ?? {};
  if (project === undefined || target === undefined) return undefined;
  return projectGraph.nodes[project]?.data.targets?.[target];
}

async function reportFailure(plan: () => Promise<string>, lines: string[]): Promise<boolean> {
  try {
    lines.push(secretsRead.redact(await plan()));
    return true;
  } catch (error) {
    // A bug in planning one component must not hide the result of the others; its stack is shown, less secrets.
    if (error instanceof UserError)
      lines.push(...error.problems.map((one) => publicText(describeProblem(one))));
    else
      lines.push(
        publicText(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
    return false;
  }
}

const collector = (lines: string[]): Progress => ({
  step: (message) => lines.push(publicText(message)),
  output: (line) => lines.push(`  │ ${publicText(line)}`),
  warn: (message) => lines.push(`warning: ${publicText(message)}`),
});
