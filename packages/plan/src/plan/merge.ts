import { byKey } from '@nx-nixpack/base';
import type { BuildPlan, Phase, StartPhase } from './build-plan.js';
import { withoutUndefined } from './plan-reader.js';

type List = readonly string[];

const MARKERS: ReadonlySet<string> = new Set(['...', '@auto']);
const LISTS = [
  'dependsOn',
  'nixPkgs',
  'nixLibs',
  'nixOverlays',
  'aptPkgs',
  'cmds',
  'onlyIncludeFiles',
  'cacheDirectories',
  'paths',
] as const satisfies readonly (keyof Phase)[];

/** What a phase is taken to depend on when an overriding plan is the first to name it. */
const FRESH: ReadonlyMap<string, Phase> = new Map([
  ['install', { dependsOn: ['setup'] }],
  ['build', { dependsOn: ['install'] }],
]);

/** `over` with `original` inserted after every marker (`...` or `@auto`). The markers stay, so that a later expansion works again. */
export function expandMarkers(
  original: List | undefined,
  over: List | undefined,
): List | undefined {
  if (over === undefined) return original;
  return over.flatMap((item) => (MARKERS.has(item) ? [item, ...(original ?? [])] : [item]));
}

export function withoutMarkers(list: List): List {
  return list.filter((item) => !MARKERS.has(item));
}

/** The weaker plan `base` with the stronger one `over` on top. */
export function mergePlans(base: BuildPlan, over: BuildPlan): BuildPlan {
  return withoutUndefined<BuildPlan>({
    providers: expandMarkers(base.providers, over.providers),
    buildImage: over.buildImage ?? base.buildImage,
    variables: union(base.variables, over.variables),
    staticAssets: union(base.staticAssets, over.staticAssets),
    phases: mergePhases(base.phases, over.phases),
    start: mergeStart(base.start, over.start),
  });
}

/** Merges from weak to strong. The first plan's phases are taken as they are. */
export function mergeAll(plans: readonly BuildPlan[]): BuildPlan {
  return plans.reduce(mergePlans, {});
}

function mergePhases(
  base: BuildPlan['phases'],
  over: BuildPlan['phases'],
): NonNullable<BuildPlan['phases']> {
  const merged = new Map(Object.entries(base ?? over ?? {}));
  if (base !== undefined) {
    for (const [name, phase] of Object.entries(over ?? {})) {
      merged.set(name, mergePhase(merged.get(name) ?? FRESH.get(name) ?? {}, phase));
    }
  }
  return byKey(merged, (phase, name) => ({ ...phase, name }));
}

/** One phase on top of another: the archive if set, every list by `expandMarkers`. */
function mergePhase(base: Phase, over: Phase): Phase {
  const lists = LISTS.map((key) => [key, expandMarkers(base[key], over[key])] as const);
  return withoutUndefined<Phase>({
    name: over.name ?? base.name,
    ...Object.fromEntries(lists),
    nixpkgsArchive: over.nixpkgsArchive ?? base.nixpkgsArchive,
  });
}

function mergeStart(
  base: StartPhase | undefined,
  over: StartPhase | undefined,
): StartPhase | undefined {
  if (base === undefined || over === undefined) return over ?? base;
  return withoutUndefined<StartPhase>({
    cmd: over.cmd ?? base.cmd,
    runImage: over.runImage ?? base.runImage,
    onlyIncludeFiles: expandMarkers(base.onlyIncludeFiles, over.onlyIncludeFiles),
    user: over.user ?? base.user,
  });
}

type Texts = Readonly<Record<string, string>>;

function union(base: Texts | undefined, over: Texts | undefined): Texts | undefined {
  if (base === undefined && over === undefined) return undefined;
  return byKey(new Map([...Object.entries(base ?? {}), ...Object.entries(over ?? {})]));
}

/** Every list of a phase without its markers. */
export function phaseWithoutMarkers(phase: Phase): Phase {
  const lists = LISTS.flatMap((key) =>
    phase[key] === undefined ? [] : [[key, withoutMarkers(phase[key])] as const],
  );
  return { ...phase, ...Object.fromEntries(lists) };
}
