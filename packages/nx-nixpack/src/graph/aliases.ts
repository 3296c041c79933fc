import type { ProjectConfiguration } from '@nx/devkit';
import { outputDirectory } from '@nx-nixpack/sdk/outputs';
import { aliasTargets, targetNames } from '../tasks/targets.js';
import type { ResolvedOptions } from '../options/options.js';
import { membersOf, nameOf, type ComponentProject, type Named } from './projects.js';

interface Alias {
  readonly file: string;
  readonly project: ProjectConfiguration & { readonly root: string };
}

/**
 * `nx run <component>:<task>` is what every page says, whatever the project of the component is called: where Nx would not find it
 * by that name, a project of that name passes its tasks on. It has no files, so nothing that is affected is run twice.
 */
export function aliases(
  projects: readonly ComponentProject[],
  taken: ReadonlySet<string>,
  options: ResolvedOptions,
): readonly Alias[] {
  const all = projects.flatMap(membersOf).map((member) => nameOf(member, options));
  return projects.flatMap((project) => {
    const members = membersOf(project);
    return members.flatMap((member) => {
      const name = nameOf(member, options);
      const isTheOnly = all.indexOf(name) === all.lastIndexOf(name);
      if (!isTheOnly || isFound(name, project, members, taken)) return [];
      return [aliasOf(name, member, project, options)];
    });
  });
}

/** Of several components on one directory, the plain targets are those of all, so each but none needs a name. */
function isFound(
  name: string,
  project: ComponentProject,
  members: readonly Named[],
  names: ReadonlySet<string>,
): boolean {
  if (names.has(name)) return true;
  const matches = [...names].filter((other) => wordOf(name).test(other));
  return members.length === 1 && matches.length === 1 && matches[0] === project.name;
}

/** Nx takes a part of a name that is a word of it: `api` for `@shop/api`, not for `api-e2e`. Names of components need no escape. */
const wordOf = (name: string): RegExp =>
  new RegExp(`(?<![@a-zA-Z0-9-])${name}(?![@a-zA-Z0-9-])`, 'i');

function aliasOf(
  name: string,
  member: Named,
  project: ComponentProject,
  options: ResolvedOptions,
): Alias {
  const { deployment, component } = member;
  const names = targetNames(options, member, membersOf(project).length > 1);
  const targets = aliasTargets(project.name, names, options);
  return {
    file: deployment.file,
    project: {
      root: `${outputDirectory(deployment.name, component.id)}/alias`,
      name,
      tags: ['nixpack', 'nixpack:alias'],
      targets,
      metadata: {
        description: `Another name for the tasks of ${deployment.name}/${component.id} in ${project.name}`,
        technologies: ['nixpacks'],
      },
    },
  };
}
