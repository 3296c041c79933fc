import { byKey } from '@nx-nixpack/base';
import {
  dictionary,
  list,
  mapped,
  nullable,
  parseJson,
  parseToml,
  text,
  type Shape,
} from '@nx-nixpack/data';

import { inFile, readAs } from '../source/in-file.js';
import { facts } from '../source/manifest.js';
import type { BuildPlan, Phase, StartPhase } from './build-plan.js';

/** Other spellings that nixpacks accepts for the keys of a phase. Both at once are an error. */
const PHASE_ALIASES = {
  nixPackages: 'nixPkgs',
  nixLibraries: 'nixLibs',
  aptPackages: 'aptPkgs',
  commands: 'cmds',
  envPaths: 'paths',
} as const;

const word = nullable(text());
const words = nullable(list(text()));
/** A map with free keys, in byte order. */
const sorted = <T>(value: Shape<T>) =>
  nullable(mapped(dictionary(value), (entries) => byKey(entries)));

const phaseShape: Shape<Phase> = facts(
  {
    name: word,
    dependsOn: words,
    nixPkgs: words,
    nixLibs: words,
    nixOverlays: words,
    nixpkgsArchive: word,
    aptPkgs: words,
    cmds: words,
    onlyIncludeFiles: words,
    cacheDirectories: words,
    paths: words,
  },
  PHASE_ALIASES,
);

const startShape: Shape<StartPhase> = facts({
  cmd: word,
  runImage: word,
  onlyIncludeFiles: words,
  user: word,
});

const planShape: Shape<BuildPlan> = facts({
  providers: words,
  buildImage: word,
  variables: sorted(text()),
  staticAssets: sorted(text()),
  phases: sorted(phaseShape),
  start: nullable(startShape),
});

const PARSERS = { json: parseJson, toml: parseToml } as const;
export type PlanFormat = keyof typeof PARSERS;

/**
 * Reads a (partial) plan. Unknown keys are skipped, null counts as absent (not as a phase or a variable's value).
 * A wrong type is a UserError PLAN_INVALID with `file`, line and column.
 */
export const parsePlan = (source: string, format: PlanFormat, file: string): BuildPlan =>
  inFile(file, source, () => readAs(source, PARSERS[format], planShape));

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Absent and undefined are the same to a reader of the plan, but not to one that lists its keys. */
export function withoutUndefined<T extends object>(value: Loose<T>): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as T;
}
