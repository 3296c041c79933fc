import type { ExecutorContext } from '@nx/devkit';
import { consoleProgress, reporting, type Outcome } from '../reporting.js';
import { PlanTasks } from './plan-tasks.js';
import type { PlanImageOptions } from './schema.js';

export default function planImageExecutor(
  options: PlanImageOptions,
  context: ExecutorContext,
): Promise<Outcome> {
  return reporting(async () => {
    console.log(await new PlanTasks(context, consoleProgress).run(options));
  });
}
