import { compareText } from '@nx-nixpack/base';
import type { Deployment } from '@nx-nixpack/deployment';
import type { ResolvedOptions } from '../options/options.js';
import type { Placed } from '../tasks/component-task.js';

/** A directory with the nixpack components whose source it is: a project is a directory. */
export interface ComponentProject {
  /** Relative to the workspace root; '.' is the root itself. */
  readonly root: string;
  /** What Nx calls it, unless a file of the directory gives it a name. */
  readonly name: string;
  /** One at least. */
  readonly placed: readonly [Placed, ...Placed[]];
}

type ProjectNames = Pick<ResolvedOptions, 'projectNames'>;

/** Groups the components of all deployments by their source, in the order of the directories. */
export function componentProjects(
  deployments: readonly Deployment[],
  options: ProjectNames,
): ComponentProject[] {
  const byRoot = new Map<string, [Placed, ...Placed[]]>();
  for (const deployment of deployments)
    for (const component of deployment.components) {
      if (component.type !== 'nixpack') continue;
      const root = component.vars.source === '' ? '.' : component.vars.source;
      const placed = { deployment, component };
      const others = byRoot.get(root);
      if (others === undefined) byRoot.set(root, [placed]);
      else others.push(placed);
    }
  return [...byRoot]
    .map(([root, placed]) => ({ root, placed, name: projectName(placed[0], options) }))
    .sort((a, b) => compareText(a.root, b.root));
}

const projectName = ({ deployment, component }: Placed, { projectNames }: ProjectNames): string =>
  projectNames === 'component' ? component.name : `${deployment.name}-${component.name}`;
