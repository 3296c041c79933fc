import { componentExecutor, type Executor } from '../component-executor.js';
import { consoleProgress } from '../reporting.js';
import { PlanTasks } from './plan-tasks.js';
import type { PlanImageOptions } from './schema.js';

const planImageExecutor: Executor<PlanImageOptions> = (options, context) =>
  componentExecutor<PlanImageOptions>('plan-image', () =>
    new PlanTasks(context, consoleProgress).run(options),
  )(options, context);

export default planImageExecutor;
