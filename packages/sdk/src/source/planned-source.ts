import { UserError } from '@nx-nixpack/base';
import type { PlanRecord } from '../records/plan.js';
import { noSource } from './no-source.js';
import { sourceContext, type SourceContext } from './source-context.js';

/** The source as it is now, which must be what plan.json was made from: otherwise the cache key would lie. */
export function plannedSource(workspaceRoot: string, plan: PlanRecord): SourceContext {
  if (plan.base) return noSource();
  const { directory, workspace, include, edges, digest } = plan.source;
  const context = sourceContext({
    workspaceRoot,
    source: directory,
    workspace,
    include,
    extraEdges: edges,
  });
  if (context.digest === digest) return context;
  throw new UserError({
    code: 'SOURCE_CHANGED',
    message: `The source of ${plan.component} changed after it was planned`,
    hint: 'Run the task again.',
  });
}
