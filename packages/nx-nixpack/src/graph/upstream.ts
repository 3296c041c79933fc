import type { ComponentId, Deployment } from '@nx-nixpack/deployment';
import type { Described } from '@nx-nixpack/sdk/workspace';
import type { ResolvedOptions } from '../options/options.js';
import { targetNames, type Upstream } from '../tasks/targets.js';
import { membersOf, type ComponentProject } from './projects.js';

/** A component with an image that another one waits for. */
export interface UpstreamComponent extends Upstream {
  readonly root: string;
  /** Its image is a base of the other one. */
  readonly isBase: boolean;
}

/** The images that a component depends on: what `depends_on` names, and those its base images are. */
export function dependenciesOf(
  described: Described,
  deployments: readonly Deployment[],
  projects: readonly ComponentProject[],
  options: ResolvedOptions,
): readonly UpstreamComponent[] {
  const { deployment, component } = described;
  const { buildImage, runImage } = component.settings;
  const bases = [buildImage, runImage].flatMap((base) =>
    base?.kind === 'component' ? [base.component] : [],
  );
  const baseIds = new Set(bases.map((name) => `${deployment.name}:nixpack/${name}`));
  const ids = new Set([...imagesBehind(described, deployments), ...baseIds]);
  return [...ids].flatMap((id) => {
    const found = find(id, projects, options);
    return found ? [{ ...found, isBase: baseIds.has(id) }] : [];
  });
}

/** Through components without an image of their own, so that an order over a terraform component holds. */
function imagesBehind({ deployment, component }: Described, deployments: readonly Deployment[]) {
  const found = new Set<string>();
  const seen = new Set<string>();
  const pending = component.dependsOn.map((id) => qualified(id, deployment.name));
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const [owner = '', own] = id.split(':');
    const components = deployments.find(({ name }) => name === owner)?.components ?? [];
    const other = components.find((one) => one.id === own);
    if (other?.type === 'nixpack') found.add(id);
    else pending.push(...(other?.dependsOn ?? []).map((next) => qualified(next, owner)));
  }
  return [...found].sort();
}

/** `<deployment>:<type>/<name>`, which is written without its deployment inside of it. */
const qualified = (id: ComponentId, own: string): string =>
  id.includes(':') ? id : `${own}:${id}`;

function find(
  id: string,
  projects: readonly ComponentProject[],
  options: ResolvedOptions,
): (Upstream & { readonly root: string }) | undefined {
  for (const project of projects)
    for (const described of project.components)
      if (`${described.deployment.name}:${described.component.id}` === id)
        return {
          project: project.name,
          root: project.root,
          names: targetNames(options, described, membersOf(project).length > 1),
        };
  return undefined;
}
