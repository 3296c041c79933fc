import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { ResolvedOptions } from './options.js';

export interface Placed {
  readonly deployment: Deployment;
  readonly component: NixpackComponent;
}

/** A directory with the nixpack components whose source it is: a project is a directory. */
export interface ComponentProject {
  /** Relative to the workspace root; '.' is the root itself. */
  readonly root: string;
  readonly name: string;
  readonly placed: readonly Placed[];
}

/** Groups the components of all deployments by their source. Throws when one name would stand for two directories. */
export function componentProjects(
  deployments: readonly Deployment[],
  options: ResolvedOptions,
): ComponentProject[] {
  const byRoot = new Map<string, Placed[]>();
  for (const deployment of deployments)
    for (const component of deployment.components)
      if (component.type === 'nixpack') {
        const root = component.vars.source === '' ? '.' : component.vars.source;
        byRoot.set(root, [...(byRoot.get(root) ?? []), { deployment, component }]);
      }
  const projects = [...byRoot].map(([root, placed]) => ({
    root,
    placed,
    name: projectName(placed, options),
  }));
  refuseAmbiguousNames(projects, options);
  return projects.sort((a, b) => (a.root < b.root ? -1 : 1));
}

function projectName([first]: readonly Placed[], { projectNames }: ResolvedOptions): string {
  if (first === undefined) throw new Error('a project has at least one component');
  const { deployment, component } = first;
  return projectNames === 'component' ? component.name : `${deployment.name}-${component.name}`;
}

function refuseAmbiguousNames(
  projects: readonly ComponentProject[],
  options: ResolvedOptions,
): void {
  const byName = new Map<string, ComponentProject>();
  for (const project of projects) {
    const other = byName.get(project.name);
    if (other)
      throw new Error(
        `The name "${project.name}" stands for two directories: ${describe(other)} and ${describe(project)}.\n` +
          `  hint: ${
            options.projectNames === 'component'
              ? 'Set the option projectNames of nx-nixpack to "deployment-component" in nx.json, or rename a component.'
              : 'Rename a component.'
          }`,
      );
    byName.set(project.name, project);
  }
}

const describe = ({ root, placed }: ComponentProject): string =>
  `${root} (${placed.map(({ deployment, component }) => `${deployment.file}: ${component.name}`).join(', ')})`;
