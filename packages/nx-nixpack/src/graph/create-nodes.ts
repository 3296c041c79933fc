import {
  AggregateCreateNodesError,
  type CreateNodesResultArray,
  type CreateNodes,
  type ProjectConfiguration,
} from '@nx/devkit';
import { describeProblem } from '@nx-nixpack/base';
import { readWorkspace, watchedPaths } from '@nx-nixpack/sdk/workspace';
import { resolveOptions, type PluginOptions, type ResolvedOptions } from './options.js';
import { componentProjects, type ComponentProject } from './projects.js';
import {
  componentTargets,
  NO_PACKAGES,
  targetNames,
  type TargetFacts,
  type Upstream,
} from './targets.js';
import { dependenciesOf } from './upstream.js';

/** nx.json is in the pattern so that a configured location of the files works: the pattern itself is static. */
const PATTERN = '{nx.json,**/deployments/**/*.yaml,**/deployments/**/*.yml}';

/** Infers a project for each directory that deployment files build, with its targets. */
export const createNodes: CreateNodes<PluginOptions> = [
  PATTERN,
  (_files, options, { workspaceRoot }) => inferProjects(workspaceRoot, resolveOptions(options)),
];

export function inferProjects(
  workspaceRoot: string,
  options: ResolvedOptions,
): CreateNodesResultArray {
  const workspace = readWorkspace(workspaceRoot, options);
  refuseProblems(workspace);
  const projects = componentProjects(workspace.deployments, options);
  return projects.map((project) => {
    const [first] = project.placed;
    const configuration = projectConfiguration(project, projects, options, workspaceRoot);
    return [
      first?.deployment.file ?? 'nx.json',
      { projects: { [project.root]: configuration } },
    ] as const;
  });
}

/** One broken file stops Nx, so what is wrong must be complete and say where. */
function refuseProblems({ problems }: ReturnType<typeof readWorkspace>): void {
  if (problems.length === 0) return;
  const byFile = new Map<string, string[]>();
  for (const problem of problems) {
    const file = problem.at?.file ?? 'nx.json';
    byFile.set(file, [...(byFile.get(file) ?? []), describeProblem(problem)]);
  }
  const errors = [...byFile].map(
    ([file, lines]) => [file, withoutStack(lines.join('\n'))] as [string, Error],
  );
  throw new AggregateCreateNodesError(errors, []);
}

/** Nx prints the stack of an inference error; for a mistake in a file the place in the file is what helps. */
function withoutStack(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

function projectConfiguration(
  project: ComponentProject,
  projects: readonly ComponentProject[],
  options: ResolvedOptions,
  workspaceRoot: string,
): ProjectConfiguration {
  const shared = project.placed.length > 1;
  const all = project.placed.map((placed): TargetFacts => {
    const { component } = placed;
    const upstream = dependenciesOf(placed, projects, options);
    return {
      placed,
      names: targetNames(options, placed, shared),
      upstream,
      bases: upstream.filter((other) => isBase(other, component.settings)),
      watched: watchedPaths(workspaceRoot, component),
    };
  });
  const targets = Object.assign({}, ...all.map(componentTargets)) as NonNullable<
    ProjectConfiguration['targets']
  >;
  const inferred = shared ? { ...targets, ...aggregates(all, options) } : targets;
  return {
    root: project.root,
    name: project.name,
    tags: ['nixpack', 'type:nixpack', ...deploymentTags(project)],
    targets: inferred,
    metadata: {
      description: description(project),
      technologies: ['nixpacks'],
      targetGroups: { Nixpack: Object.keys(inferred) },
    },
  };
}

const deploymentTags = ({ placed }: ComponentProject): string[] =>
  [...new Set(placed.map(({ deployment }) => `deployment:${deployment.name}`))].sort();

const description = ({ placed }: ComponentProject): string =>
  `Built by ${placed.map(({ deployment, component }) => `${deployment.name}/${component.id}`).join(', ')}`;

function isBase(
  other: Upstream & { component: string },
  settings: { buildImage?: string; runImage?: string },
): boolean {
  return [settings.buildImage, settings.runImage].some((image) =>
    image?.includes(`nixpack.${other.component}.ref`),
  );
}

/** The plain names run all components of a shared directory, so `nx run web:build-image` always works. */
function aggregates(
  all: readonly TargetFacts[],
  options: ResolvedOptions,
): NonNullable<ProjectConfiguration['targets']> {
  const noop = (names: readonly string[]) => ({
    executor: 'nx:noop',
    inputs: [NO_PACKAGES],
    dependsOn: [...names],
  });
  return {
    [options.planTargetName]: noop(all.map(({ names }) => names.plan)),
    [options.buildTargetName]: noop(all.map(({ names }) => names.build)),
    [options.sbomTargetName]: noop(all.map(({ names }) => names.sbom)),
    [options.pushTargetName]: noop(all.map(({ names }) => names.push)),
  };
}
