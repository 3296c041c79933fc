import { byKey } from '@nx-nixpack/base';
import type { BuildPlan, Phase } from '../plan/build-plan.js';
import { isSwitchedOn } from '../languages/environment.js';
import { mergeAll, mergePlans, phaseWithoutMarkers, withoutMarkers } from '../plan/merge.js';
import { ARCHIVES, IMAGES } from '../plan/nixpkgs-archives.js';
import type { Environment, Provided } from '../languages/provider.js';

/** A provider that was asked, and its answer. */
export interface NamedProvided {
  readonly name: string;
  readonly provided: Provided | undefined;
}

/** From the providers' plans to the finished one. Earlier providers win. */
export function assemblePlan(
  asked: readonly NamedProvided[],
  over: readonly (BuildPlan | undefined)[],
  env: Environment,
): BuildPlan {
  const plans = asked.flatMap(({ name, provided }, index) => {
    if (provided === undefined) return [];
    return [index === 0 ? provided.plan : prefixed(provided.plan, `${name}:`)];
  });
  const accumulated = plans.reduce<BuildPlan>((stronger, plan) => mergePlans(plan, stronger), {});
  const described =
    asked.length === 0
      ? accumulated
      : withVariables(accumulated, [['NIXPACKS_METADATA', metadata(asked)]]);
  const merged = mergeAll([described, ...over.filter((plan) => plan !== undefined)]);
  return pin(env.size === 0 ? merged : withVariables(merged, env), env);
}

/** `node,python,django`: each provider that answered, followed by its labels. */
function metadata(asked: readonly NamedProvided[]): string {
  return asked
    .flatMap(({ name, provided }) =>
      provided === undefined ? [] : [name, ...(provided.labels ?? [])],
    )
    .join(',');
}

/** The plan with `prefix` before every phase name and every dependency. */
export function prefixed(plan: BuildPlan, prefix: string): BuildPlan {
  if (plan.phases === undefined) return plan;
  const phases = Object.entries(plan.phases).map(
    ([name, phase]) => [`${prefix}${name}`, phase] as const,
  );
  return {
    ...plan,
    phases: byKey(phases, (phase, name) => dependingOn({ ...phase, name }, prefix)),
  };
}

function dependingOn(phase: Phase, prefix: string): Phase {
  if (phase.dependsOn === undefined) return phase;
  return { ...phase, dependsOn: phase.dependsOn.map((other) => `${prefix}${other}`) };
}

function withVariables(plan: BuildPlan, variables: Iterable<readonly [string, string]>): BuildPlan {
  return {
    ...plan,
    variables: byKey(new Map([...Object.entries(plan.variables ?? {}), ...variables])),
  };
}

/** Fills in what is left open, and removes the markers (step 9). */
function pin(plan: BuildPlan, env: Environment): BuildPlan {
  const debian = isSwitchedOn(env, 'DEBIAN');
  const archive = debian ? ARCHIVES.debian : ARCHIVES.default;
  const phases = byKey(Object.entries(plan.phases ?? {}), (phase) => pinPhase(phase, archive));
  const pinned: BuildPlan = {
    ...plan,
    providers: [],
    buildImage: plan.buildImage ?? (debian ? IMAGES.debianBuild : IMAGES.build),
    phases,
  };
  const files = plan.start?.onlyIncludeFiles;
  return files === undefined
    ? pinned
    : { ...pinned, start: { ...plan.start, onlyIncludeFiles: withoutMarkers(files) } };
}

/** Whether a phase uses Nix is asked before the markers go: a list of nothing but a marker counts. */
function pinPhase(phase: Phase, archive: string): Phase {
  const usesNix = (phase.nixPkgs?.length ?? 0) + (phase.nixLibs?.length ?? 0) > 0;
  const bare = phaseWithoutMarkers(phase);
  return usesNix && bare.nixpkgsArchive === undefined ? { ...bare, nixpkgsArchive: archive } : bare;
}
