import type { CreateNodes, CreateNodesResultArray, ProjectConfiguration } from '@nx/devkit';
import { describeProblem, UserError, type Problem } from '@nx-nixpack/base';
import type { Described } from '@nx-nixpack/sdk/workspace';
import type { PluginOptions } from '../options/options.js';
import { aggregates, componentTargets, targetNames, type TargetFacts } from '../tasks/targets.js';
import { aliases } from './aliases.js';
import { targetsOfBroken, unreadableProject } from './broken.js';
import { inferred, type Inferred } from './inferred.js';
import { membersOf, type ComponentProject, type Named } from './projects.js';
import { requireNx } from './require-nx.js';
import { dependenciesOf } from './upstream.js';

/**
 * nx.json is in the pattern so that a configured location of the files works: the pattern itself is static. The files that
 * name projects are there for their names; Nx's own pattern has them too.
 */
const PATTERN =
  '{nx.json,**/deployments/**/*.yaml,**/deployments/**/*.yml,**/package.json,**/project.json}';

/** Infers a project for each directory that deployment files build, with its targets. */
export const createNodes: CreateNodes<PluginOptions> = [
  PATTERN,
  async (files, options, { workspaceRoot }) => {
    requireNx();
    try {
      return inferProjects(workspaceRoot, options, files);
    } catch (error) {
      throw await tellingAll(error);
    }
  },
];

/** Throws UserError with everything that is wrong. */
export function inferProjects(
  workspaceRoot: string,
  options: unknown,
  files: readonly string[],
): CreateNodesResultArray {
  const found = inferred(workspaceRoot, options, files);
  const { projects, taken, model } = found;
  return [
    ...projects.map((project) => inFile(fileOf(project), projectConfiguration(project, found))),
    ...aliases(projects, taken, found.options).map(({ file, project }) => inFile(file, project)),
    ...model.workspace.unreadable.map((file) =>
      inFile(file.file, unreadableProject(file, found.options)),
    ),
  ];
}

const inFile = (file: string, project: ProjectConfiguration): CreateNodesResultArray[number] => [
  file,
  { projects: { [project.root]: project } },
];

const fileOf = (project: ComponentProject): string =>
  membersOf(project)[0]?.deployment.file ?? 'nx.json';

/**
 * One broken file stops Nx, so what is wrong must be complete and say where. Nx's toolbox is loaded for this alone: it would
 * cost every command of the workspace a tenth of a second.
 */
async function tellingAll(error: unknown): Promise<unknown> {
  if (!(error instanceof UserError)) return error;
  const { AggregateCreateNodesError } = await import('nx/src/devkit-exports');
  return new AggregateCreateNodesError(errorsByFile(error.problems), []);
}

function errorsByFile(problems: readonly Problem[]): [string, Error][] {
  const byFile = new Map<string, string[]>();
  for (const problem of problems) {
    const file = problem.at?.file ?? 'nx.json';
    byFile.set(file, [...(byFile.get(file) ?? []), describeProblem(problem)]);
  }
  return [...byFile].map(([file, lines]) => [file, withoutStack(lines.join('\n'))]);
}

/** Nx prints the stack of an inference error; for a mistake in a file the place in the file is what helps. */
function withoutStack(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

function projectConfiguration(project: ComponentProject, found: Inferred): ProjectConfiguration {
  const { options } = found;
  const members = membersOf(project);
  const shared = members.length > 1;
  const healthy = project.components.map((one) => targetFacts(one, shared, found));
  const targets = {
    ...Object.assign({}, ...healthy.map((facts) => componentTargets(facts))),
    ...Object.assign({}, ...project.broken.map((one) => targetsOfBroken(one, shared, options))),
    ...(shared
      ? aggregates(
          members.map((one) => targetNames(options, one, true)),
          options,
        )
      : {}),
  } as NonNullable<ProjectConfiguration['targets']>;
  return {
    root: project.root,
    name: project.name,
    tags: ['nixpack', 'type:nixpack', ...deploymentTags(members)],
    targets,
    metadata: {
      description: description(members),
      technologies: ['nixpacks'],
      targetGroups: { Nixpack: Object.keys(targets) },
    },
  };
}

function targetFacts(
  described: Described,
  shared: boolean,
  { model, projects, options }: Inferred,
): TargetFacts {
  const upstream = dependenciesOf(described, model.workspace.deployments, projects, options);
  return {
    described,
    names: targetNames(options, described, shared),
    upstream,
    bases: upstream.filter(({ isBase }) => isBase),
    watched: model.watchedPaths(described.component),
  };
}

const deploymentTags = (members: readonly Named[]): string[] =>
  [...new Set(members.map(({ deployment }) => `deployment:${deployment.name}`))].sort();

const description = (members: readonly Named[]): string =>
  `Built by ${members.map(({ deployment, component }) => `${deployment.name}/${component.id}`).join(', ')}`;
