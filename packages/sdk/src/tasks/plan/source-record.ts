import { inWorkspace, type WorkspacePath } from '@nx-nixpack/base';
import type { NixpackComponent } from '@nx-nixpack/deployment';
import type { Edge } from '@nx-nixpack/plan';
import type { PlanRecord } from '../../records/plan.js';
import type { SourceContext } from '../../source/source-context.js';

/** What of the source is part of the cache key, and what build-image needs to find the same files again. */
export function sourceRecord(
  component: NixpackComponent,
  context: SourceContext,
  edges: readonly Edge[],
): PlanRecord['source'] {
  const { workspace, include } = component.vars;
  const source = sourceDirectory(component);
  const members = context.closure?.members ?? [];
  return {
    directory: source,
    workspace,
    include,
    digest: context.digest,
    members: members.map(({ directory, name }) => ({ directory, name })),
    edges: relevantEdges(edges, source, context),
  };
}

/** Of a base, which has no source, '': no file of it is looked at. */
export const sourceDirectory = ({ vars }: NixpackComponent): WorkspacePath =>
  vars.source ?? inWorkspace``;

/** Only edges inside the closure: an import in another component must not change this plan. */
function relevantEdges(
  edges: readonly Edge[],
  source: string,
  { closure }: SourceContext,
): readonly Edge[] {
  if (closure === undefined) return [];
  const inside = new Set([source, ...closure.members.map(({ directory }) => directory)]);
  return edges.filter(({ from }) => inside.has(from));
}
