import { compareText, type Position } from '@nx-nixpack/base';
import type { BrokenComponent, ComponentId } from '@nx-nixpack/deployment';
import { outputDirectory } from '@nx-nixpack/sdk/outputs';
import type { Described, Workspace } from '@nx-nixpack/sdk/workspace';
import type { ResolvedOptions } from '../options/options.js';

/** A directory with the nixpack components whose source it is: a project is a directory. */
export interface ComponentProject {
  /** Relative to the workspace root; '.' is the root itself. */
  readonly root: string;
  /** What Nx calls it, unless a file of the directory gives it a name. */
  readonly name: string;
  readonly components: readonly Described[];
  /** Those of which something is wrong; of both kinds together there is one at least. */
  readonly broken: readonly BrokenComponent[];
}

type ProjectNames = Pick<ResolvedOptions, 'projectNames'>;

/** Groups the components of all deployments by their source, in the order of the directories. */
export function componentProjects(workspace: Parts, options: ProjectNames): ComponentProject[] {
  const byRoot = new Map<string, { components: Described[]; broken: BrokenComponent[] }>();
  const at = (root: string) => {
    const project = byRoot.get(root) ?? { components: [], broken: [] };
    byRoot.set(root, project);
    return project;
  };
  for (const deployment of workspace.deployments)
    for (const component of deployment.components)
      if (component.type === 'nixpack')
        at(rootOf(deployment.name, component.id, component.vars.source)).components.push({
          ...{ deployment, component },
        });
  for (const one of workspace.broken)
    at(rootOf(one.deployment, one.id, one.source)).broken.push(one);
  return [...byRoot]
    .map(([root, project]) => ({ root, ...project, name: projectName(project, options) }))
    .sort((a, b) => compareText(a.root, b.root));
}

type Parts = Pick<Workspace, 'deployments' | 'broken'>;

/** What has no directory of its own stands where its outputs will: a base, and a component whose source is missing. */
const rootOf = (deployment: string, id: ComponentId, source: string | undefined): string =>
  source === undefined ? outputDirectory(deployment, id) : source || '.';

/** A component, whatever is wrong with it, as names and places are made of it. */
export interface Named {
  readonly deployment: { readonly name: string; readonly file: string };
  readonly component: { readonly id: ComponentId; readonly name: string; readonly at: Position };
}

/** All components of a project, the broken ones last. */
export const membersOf = ({ components, broken }: Members): readonly Named[] => [
  ...components,
  ...broken.map((one) => ({
    deployment: { name: one.deployment, file: one.file },
    component: one,
  })),
];

type Members = Pick<ComponentProject, 'components' | 'broken'>;

/** The first component of a directory gives its project the name. */
function projectName(members: Members, options: ProjectNames): string {
  const [first] = membersOf(members);
  if (first === undefined) throw new Error('a project without components');
  return nameOf(first, options);
}

/** What a component is called in `nx run`. */
export const nameOf = ({ deployment, component }: Named, { projectNames }: ProjectNames): string =>
  projectNames === 'component' ? component.name : `${deployment.name}-${component.name}`;
