import type { ExecutorContext } from '@nx/devkit';
import { componentExecutor, type Executor } from '../component-executor.js';
import { consoleProgress } from '../reporting.js';
import { PlanTasks } from './plan-tasks.js';
import type { PlanImageOptions } from './schema.js';

const taskOf = ({ projectName, targetName }: ExecutorContext): string | undefined =>
  projectName === undefined || targetName === undefined
    ? undefined
    : `${projectName}:${targetName}`;

const planImageExecutor: Executor<PlanImageOptions> = (options, context) =>
  componentExecutor<PlanImageOptions>('plan-image', () =>
    new PlanTasks(context, consoleProgress).run(options, taskOf(context)),
  )(options, context);

export default planImageExecutor;
