import type { TargetConfiguration } from '@nx/devkit';
import type { Deployment } from '@nx-nixpack/deployment';
import { outputDirectory } from '@nx-nixpack/sdk/outputs';
import type { ResolvedOptions } from './options.js';
import type { Placed } from './projects.js';

export interface TargetNames {
  readonly plan: string;
  readonly build: string;
  readonly sbom: string;
  readonly push: string;
}

/** Names of a component's targets; several components on one directory get a suffix each. */
export function targetNames(
  options: ResolvedOptions,
  { deployment, component }: Placed,
  shared: boolean,
): TargetNames {
  const suffix = shared ? `--${deployment.name}-${component.name}` : '';
  return {
    plan: options.planTargetName + suffix,
    build: options.buildTargetName + suffix,
    sbom: options.sbomTargetName + suffix,
    push: options.pushTargetName + suffix,
  };
}

type DependsOn = NonNullable<TargetConfiguration['dependsOn']>[number];

/** What a component's tasks wait for in other projects: the same task of the images it depends on. */
export interface Upstream {
  readonly project: string;
  readonly names: TargetNames;
}

export interface TargetFacts {
  readonly placed: Placed;
  readonly names: TargetNames;
  readonly upstream: readonly Upstream[];
  /** Images of other components that are this one's base. */
  readonly bases: readonly Upstream[];
  /** Paths whose change selects the component: closure members, root manifests. */
  readonly watched: readonly string[];
}

/** The inferred targets of one component: options are pointers, inputs are explicit (specification of the cache contract). */
export function componentTargets(facts: TargetFacts): Record<string, TargetConfiguration> {
  const { names } = facts;
  return {
    [names.plan]: planTarget(facts),
    [names.build]: buildTarget(facts),
    [names.sbom]: sbomTarget(facts),
    [names.push]: pushTarget(facts),
  };
}

/** Without it every change of a lock file would count. */
export const NO_PACKAGES = { externalDependencies: [] };
const output = (file: string) => ({ dependentTasksOutputFiles: `**/${file}` });

/** Options are pointers into the deployment files: their values are hashed into every task of the project. */
interface Pointers {
  readonly deployment: string;
  readonly component: string;
}

const pointers = ({ deployment, component }: Placed): Pointers => ({
  deployment: deployment.name,
  component: component.id,
});

const outputs = ({ deployment, component }: Pointers, task: string): string[] => [
  `{workspaceRoot}/${outputDirectory(deployment, component)}/${task}`,
];

/** What a target must keep for its cached results to be right, whatever else nx.json or a project says about it. */
export const cacheContract = {
  build: (component: Pointers) => ({
    inputs: [output('plan/plan.json')],
    outputs: outputs(component, 'image'),
  }),
  sbom: (component: Pointers) => ({
    inputs: [output('plan/sbom-settings.json'), output('image/image.json')],
    outputs: outputs(component, 'sbom'),
  }),
};

/** One configuration a target of the deployment; only tasks that depend on the target have them. */
function configurations(
  deployment: Deployment,
): Pick<TargetConfiguration, 'configurations' | 'defaultConfiguration'> {
  if (deployment.targets.length === 0) return {};
  return {
    configurations: Object.fromEntries(
      deployment.targets.map(({ name }) => [name, { target: name }]),
    ),
    ...(deployment.defaultTarget === undefined
      ? {}
      : { defaultConfiguration: deployment.defaultTarget }),
  };
}

function planTarget({ placed, watched }: TargetFacts): TargetConfiguration {
  const { source } = placed.component.vars;
  const paths = [
    placed.deployment.file,
    source === '' ? '**/*' : `${source}/**/*`,
    'nixpack.lock.json',
    ...watched,
  ];
  return {
    executor: 'nx-nixpack:plan-image',
    cache: false,
    options: pointers(placed),
    inputs: [...[...new Set(paths)].map((path) => `{workspaceRoot}/${path}`), NO_PACKAGES],
    outputs: outputs(pointers(placed), 'plan'),
    ...configurations(placed.deployment),
    metadata: describe('Plan the image: what will be built, from what, on which base', placed),
  };
}

function buildTarget({ placed, names, upstream, bases }: TargetFacts): TargetConfiguration {
  const { inputs, outputs } = cacheContract.build(pointers(placed));
  return {
    executor: 'nx-nixpack:build-image',
    cache: true,
    options: pointers(placed),
    inputs: [...inputs, ...(bases.length > 0 ? [output('image/image.json')] : []), NO_PACKAGES],
    outputs,
    dependsOn: [names.plan, ...upstream.map(({ project, names }) => on(project, names.build))],
    metadata: describe('Build the container image', placed),
  };
}

function sbomTarget({ placed, names }: TargetFacts): TargetConfiguration {
  const { inputs, outputs } = cacheContract.sbom(pointers(placed));
  return {
    executor: 'nx-nixpack:sbom',
    cache: true,
    options: pointers(placed),
    inputs: [...inputs, NO_PACKAGES],
    outputs,
    dependsOn: [names.build, names.plan],
    metadata: describe('Write the software bill of materials of the image', placed),
  };
}

function pushTarget({ placed, names, upstream }: TargetFacts): TargetConfiguration {
  const hasSbom = placed.component.settings.sbom.formats.length > 0;
  return {
    executor: 'nx-nixpack:push-image',
    cache: false,
    options: pointers(placed),
    inputs: [output('plan/publish.json'), output('image/image.json'), NO_PACKAGES],
    dependsOn: [
      names.build,
      names.plan,
      ...(hasSbom ? [names.sbom] : []),
      ...upstream.map(({ project, names }) => on(project, names.push)),
    ],
    ...configurations(placed.deployment),
    metadata: describe('Push the image and its tags to the registry', placed),
  };
}

const on = (project: string, target: string): DependsOn => ({ projects: [project], target });

const describe = (description: string, { deployment, component }: Placed) => ({
  description: `${description} (${deployment.name}: ${component.id})`,
  technologies: ['nixpacks'],
});
