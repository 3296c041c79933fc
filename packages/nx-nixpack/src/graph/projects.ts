import { compareText } from '@nx-nixpack/base';
import type { Deployment } from '@nx-nixpack/deployment';
import { outputDirectory } from '@nx-nixpack/sdk/outputs';
import type { Described } from '@nx-nixpack/sdk/workspace';
import type { ResolvedOptions } from '../options/options.js';

/** A directory with the nixpack components whose source it is: a project is a directory. */
export interface ComponentProject {
  /** Relative to the workspace root; '.' is the root itself. */
  readonly root: string;
  /** What Nx calls it, unless a file of the directory gives it a name. */
  readonly name: string;
  /** One at least. */
  readonly components: readonly [Described, ...Described[]];
}

type ProjectNames = Pick<ResolvedOptions, 'projectNames'>;

/** Groups the components of all deployments by their source, in the order of the directories. */
export function componentProjects(
  deployments: readonly Deployment[],
  options: ProjectNames,
): ComponentProject[] {
  const byRoot = new Map<string, [Described, ...Described[]]>();
  for (const deployment of deployments)
    for (const component of deployment.components) {
      if (component.type !== 'nixpack') continue;
      const described = { deployment, component };
      const root = rootOf(described);
      const others = byRoot.get(root);
      if (others === undefined) byRoot.set(root, [described]);
      else others.push(described);
    }
  return [...byRoot]
    .map(([root, components]) => ({ root, components, name: projectName(components[0], options) }))
    .sort((a, b) => compareText(a.root, b.root));
}

/** A base has no directory of its own: its project stands where its outputs will. */
const rootOf = ({ deployment, component: { id, vars } }: Described): string =>
  vars.base ? outputDirectory(deployment.name, id) : vars.source || '.';

const projectName = (
  { deployment, component }: Described,
  { projectNames }: ProjectNames,
): string =>
  projectNames === 'component' ? component.name : `${deployment.name}-${component.name}`;
