import type { ExecutorContext } from '@nx/devkit';
import { cachedPlan } from '../broken-contract.js';
import { consoleProgress, printResult, reporting, type Outcome } from '../reporting.js';
import { PlanTasks } from './plan-tasks.js';
import type { PlanImageOptions } from './schema.js';

export default function planImageExecutor(
  options: PlanImageOptions,
  context: ExecutorContext,
): Promise<Outcome> {
  return reporting(async () => {
    const cached = cachedPlan(context.target);
    if (cached !== undefined) consoleProgress.warn(cached);
    printResult(await new PlanTasks(context, consoleProgress).run(options));
  });
}
