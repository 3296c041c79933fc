import type { TargetConfiguration } from '@nx/devkit';
import { globOf } from '@nx-nixpack/base';
import { outputDirectory } from '@nx-nixpack/sdk/outputs';
import type { Described } from '@nx-nixpack/sdk/workspace';
import { pointers, type ComponentTask, type Pointers } from './component-task.js';
import { TASKS } from './tasks.js';

interface Named {
  readonly deployment: { readonly name: string };
  readonly component: { readonly name: string };
}

/** Names of a component's targets, by task. */
export type TargetNames = Readonly<Record<string, string>>;

/** Names of a component's targets; several components on one directory get a suffix each. */
export function targetNames(
  options: Readonly<Record<string, unknown>>,
  described: Named,
  shared: boolean,
  tasks: readonly ComponentTask[] = TASKS,
): TargetNames {
  const suffix = shared ? targetSuffix(described) : '';
  return Object.fromEntries(
    tasks.map((task) => [task.name, `${plainName(task, options)}${suffix}`]),
  );
}

export const targetSuffix = ({ deployment, component }: Named): string =>
  `--${deployment.name}-${component.name}`;

const plainName = (
  { name, option }: ComponentTask,
  options: Readonly<Record<string, unknown>>,
): string => String(options[option] ?? name);

type DependsOn = NonNullable<TargetConfiguration['dependsOn']>[number];

/** What a component's tasks wait for in other projects: the same task of the images it depends on. */
export interface Upstream {
  readonly project: string;
  readonly names: TargetNames;
}

export interface TargetFacts {
  readonly described: Described;
  readonly names: TargetNames;
  readonly upstream: readonly Upstream[];
  /** Images of other components that are this one's base. */
  readonly bases: readonly Upstream[];
  /** Paths whose change selects the component: closure members, root manifests. */
  readonly watched: readonly string[];
}

/** The inferred targets of one component: options are pointers, inputs are explicit. */
export const componentTargets = (
  facts: TargetFacts,
  tasks: readonly ComponentTask[] = TASKS,
): Record<string, TargetConfiguration> =>
  Object.fromEntries(tasks.map((task) => [nameOf(task.name, facts.names), targetOf(task, facts)]));

/** The plain names run all components of a shared directory, so `nx run web:build-image` always works. */
export const aggregates = (
  all: readonly TargetNames[],
  options: Readonly<Record<string, unknown>>,
  tasks: readonly ComponentTask[] = TASKS,
): Record<string, TargetConfiguration> =>
  Object.fromEntries(
    tasks.map((task) => {
      const dependsOn = all.map((names) => ({ target: nameOf(task.name, names), ...FORWARDED }));
      const description = `${task.description}: all components of this directory`;
      return [plainName(task, options), passingOn(dependsOn, description)];
    }),
  );

/** The targets of a project that only has another name for those of a component. */
export const aliasTargets = (
  project: string,
  names: TargetNames,
  options: Readonly<Record<string, unknown>>,
  tasks: readonly ComponentTask[] = TASKS,
): Record<string, TargetConfiguration> =>
  Object.fromEntries(
    tasks.map((task) => {
      const target = nameOf(task.name, names);
      const description = `${task.description}: ${project}:${target}`;
      const dependsOn = [{ projects: [project], target, ...FORWARDED }];
      return [plainName(task, options), passingOn(dependsOn, description)];
    }),
  );

const FORWARDED = { params: 'forward' } as const;

const passingOn = (dependsOn: DependsOn[], description: string): TargetConfiguration => ({
  executor: 'nx:noop',
  inputs: [NO_PACKAGES],
  dependsOn,
  metadata: { description, technologies: ['nixpacks'] },
});

/** Targets of a component that cannot be built: each says what has to be mended, and none takes a result from a cache. */
export const brokenTargets = (
  { deployment, component }: BrokenFacts,
  names: TargetNames,
  tasks: readonly ComponentTask[] = TASKS,
): Record<string, TargetConfiguration> =>
  Object.fromEntries(
    tasks.map((task) => [
      nameOf(task.name, names),
      {
        executor: `nx-nixpack:${task.name}`,
        cache: false,
        options: { deployment: deployment.name, component: component.id },
        inputs: [`{workspaceRoot}/${globOf(deployment.file)}`, ...component.watched, NO_PACKAGES],
        ...(task.name === FIRST ? {} : { dependsOn: [nameOf(FIRST, names)] }),
        metadata: {
          description: `Broken (${deployment.name}: ${component.id}): ${component.problem}`,
          technologies: ['nixpacks'],
        },
      },
    ]),
  );

const FIRST = 'plan-image';

/** What is known of such a component. */
export interface BrokenFacts {
  readonly deployment: { readonly name: string; readonly file: string };
  readonly component: {
    readonly id: string;
    /** Inputs whose change may mend it, besides its file. */
    readonly watched: readonly string[];
    /** The first thing that is wrong with it. */
    readonly problem: string;
  };
}

/** What a target must keep for its cached results to be right, whatever else nx.json or a project says about it. */
export const cacheContract = (task: ComponentTask, component: Pointers) => ({
  inputs: task.reads.map(output),
  outputs: outputsOf(task, component),
});

function targetOf(task: ComponentTask, facts: TargetFacts): TargetConfiguration {
  const outputs = outputsOf(task, pointers(facts.described));
  const dependsOn = dependenciesOf(task, facts);
  return {
    executor: `nx-nixpack:${task.name}`,
    cache: task.cached,
    options: pointers(facts.described),
    inputs: inputsOf(task, facts),
    ...(outputs.length === 0 ? {} : { outputs }),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
    ...(task.perTarget ? configurations(facts.described) : {}),
    metadata: describe(task.description, facts.described),
  };
}

/** Without it every change of a lock file would count. */
const NO_PACKAGES = { externalDependencies: [] };
const output = (file: string) => ({ dependentTasksOutputFiles: `**/${file}` });

function inputsOf(task: ComponentTask, { described, watched, bases }: TargetFacts) {
  const paths = task.watches ? [...task.watches(described), ...watched] : [];
  return [
    ...[...new Set(paths)].map((path) => `{workspaceRoot}/${path}`),
    ...task.reads.map(output),
    ...(bases.length > 0 ? (task.readsOfBases ?? []).map(output) : []),
    NO_PACKAGES,
  ];
}

const outputsOf = ({ leaves }: ComponentTask, { deployment, component }: Pointers): string[] =>
  leaves === undefined
    ? []
    : [`{workspaceRoot}/${outputDirectory(deployment, component)}/${leaves}`];

const dependenciesOf = (task: ComponentTask, facts: TargetFacts): DependsOn[] => [
  ...task.after(facts.described.component).map((name) => nameOf(name, facts.names)),
  ...(task.ordered ? facts.upstream : []).map(({ project, names }) => ({
    projects: [project],
    target: nameOf(task.name, names),
  })),
];

/** One configuration a target of the deployment. */
function configurations({
  deployment: { targets, defaultTarget },
}: Described): Pick<TargetConfiguration, 'configurations' | 'defaultConfiguration'> {
  if (targets.length === 0) return {};
  return {
    configurations: Object.fromEntries(targets.map(({ name }) => [name, { target: name }])),
    ...(defaultTarget === undefined ? {} : { defaultConfiguration: defaultTarget }),
  };
}

function nameOf(task: string, names: TargetNames): string {
  const name = names[task];
  if (name === undefined) throw new Error(`no row of TASKS is named ${task}`);
  return name;
}

const describe = (description: string, { deployment, component }: Described) => ({
  description: `${description} (${deployment.name}: ${component.id})`,
  technologies: ['nixpacks'],
});
