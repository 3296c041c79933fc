import { byKey } from '@nx-nixpack/base';
import { parseJson, parseToml, type DataNode } from '@nx-nixpack/data';
import { mapOf, optional, record, text, texts } from '@nx-nixpack/data/first-fault';

import { inFile } from '../source/in-file.js';
import type { BuildPlan, Phase, StartPhase } from './build-plan.js';

/** Other spellings that nixpacks accepts for the keys of a phase. Both at once are an error. */
export const PHASE_ALIASES = {
  nixPackages: 'nixPkgs',
  nixLibraries: 'nixLibs',
  aptPackages: 'aptPkgs',
  commands: 'cmds',
  envPaths: 'paths',
} as const;

const phaseShape = record(
  {
    name: optional(text),
    dependsOn: optional(texts),
    nixPkgs: optional(texts),
    nixLibs: optional(texts),
    nixOverlays: optional(texts),
    nixpkgsArchive: optional(text),
    aptPkgs: optional(texts),
    cmds: optional(texts),
    onlyIncludeFiles: optional(texts),
    cacheDirectories: optional(texts),
    paths: optional(texts),
  },
  PHASE_ALIASES,
);

const startShape = record({
  cmd: optional(text),
  runImage: optional(text),
  onlyIncludeFiles: optional(texts),
  user: optional(text),
});

const planShape = record({
  providers: optional(texts),
  buildImage: optional(text),
  variables: optional(mapOf(text)),
  staticAssets: optional(mapOf(text)),
  phases: optional(mapOf(phaseShape)),
  start: optional(startShape),
});

const PARSERS = { json: parseJson, toml: parseToml } as const;
export type PlanFormat = keyof typeof PARSERS;

/**
 * Reads a (partial) plan. Unknown keys are skipped, null counts as absent (not as a phase or a variable's value).
 * A wrong type is a UserError PLAN_INVALID with `file`, line and column.
 */
export function parsePlan(source: string, format: PlanFormat, file: string): BuildPlan {
  return inFile(file, source, () => planOf(PARSERS[format](source)));
}

function planOf(node: DataNode): BuildPlan {
  const { variables, staticAssets, phases, start, ...rest } = planShape(node);
  return withoutUndefined({
    ...rest,
    variables: variables && byKey(variables),
    staticAssets: staticAssets && byKey(staticAssets),
    phases: phases && byKey(phases, (phase): Phase => withoutUndefined(phase)),
    start: start && withoutUndefined<StartPhase>(start),
  });
}

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Absent and undefined are the same to a reader of the plan, but not to one that lists its keys. */
export function withoutUndefined<T extends object>(value: Loose<T>): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as T;
}
