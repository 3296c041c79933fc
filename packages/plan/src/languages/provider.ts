import type { BuildPlan, Hints } from '../plan/build-plan.js';
import type { Choice } from '../plan/explanation.js';
import type { SourceTree } from '../source/source-tree.js';

export type Arch = 'x86_64' | 'aarch64';
/** Variables by name; `NIXPACKS_` ones steer planning. */
export type Environment = ReadonlyMap<string, string>;

/** What a plan is made for. */
export interface PlanContext {
  readonly arch: Arch;
  /** Answer as nixpacks 1.41.0 does, even where it is plainly wrong (docs/nixpacks-compatibility.md). */
  readonly conformance: boolean;
  /** Whether extensions complete the plan, so that a provider refuses nothing that they may answer. Default false. */
  readonly extensions?: boolean;
  /** What brings the programs; versions that Nix does not have are refused for `nix` alone. Default nix. */
  readonly toolchain?: string;
}

export interface Provided {
  readonly plan: BuildPlan;
  /** Labels of NIXPACKS_METADATA, e.g. `django`. */
  readonly labels?: readonly string[];
  readonly hints?: Hints;
  /** Why the plan is as it is, for people. */
  readonly decisions?: readonly Choice[];
}

/** One language. Pure: same tree and environment, same answer. `hints` and `decisions` never change the plan. */
export interface Provider {
  readonly name: string;
  /** Variables of its plans that name a place of the source, and move with it into a workspace. */
  readonly places?: readonly string[];
  /** Phases of its plans that need nothing of the source. */
  readonly placeless?: readonly string[];
  detect(source: SourceTree, env: Environment): boolean;
  plan(source: SourceTree, env: Environment, target: PlanContext): Provided | undefined;
}
