import { byKey } from '@nx-nixpack/base';
import { stringify } from 'smol-toml';

import type { BuildPlan, Phase } from './build-plan.js';
import { withoutUndefined } from './plan-reader.js';

const PHASE_KEYS = [
  'dependsOn',
  'nixPkgs',
  'nixLibs',
  'nixOverlays',
  'nixpkgsArchive',
  'aptPkgs',
  'cmds',
  'onlyIncludeFiles',
  'cacheDirectories',
  'paths',
] as const satisfies readonly (keyof Phase)[];

/** The plan as `nixpacks plan` prints it: two spaces, keys in their fixed order, phases without their names. */
export const planJson = (plan: BuildPlan): string => `${JSON.stringify(printed(plan), null, 2)}\n`;

/** The same as TOML, which a nixpacks.toml may hold. */
export const planToml = (plan: BuildPlan): string => `${stringify(printed(plan)).trimEnd()}\n`;

function printed(plan: BuildPlan): BuildPlan {
  const { providers, buildImage, variables, staticAssets, phases, start } = plan;
  return withoutUndefined<BuildPlan>({
    providers,
    buildImage,
    variables: variables && byKey(Object.entries(variables)),
    staticAssets: staticAssets && byKey(Object.entries(staticAssets)),
    phases: phases && byKey(Object.entries(phases), printedPhase),
    start: start && inOrder(start, ['cmd', 'runImage', 'onlyIncludeFiles', 'user']),
  });
}

const printedPhase = (phase: Phase): Phase => inOrder(phase, PHASE_KEYS);

function inOrder<T extends object>(value: T, keys: readonly (keyof T)[]): T {
  return Object.fromEntries(
    keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]),
  ) as T;
}
