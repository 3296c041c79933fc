import type { BuildPlan, Hints } from './build-plan.js';
import type { SourceTree } from './source-tree.js';

export type Arch = 'x86_64' | 'aarch64';
/** Variables by name; `NIXPACKS_` ones steer planning. */
export type Environment = ReadonlyMap<string, string>;

export interface Provided {
  readonly plan: BuildPlan;
  /** Labels of NIXPACKS_METADATA, e.g. `django`. */
  readonly labels?: readonly string[];
  readonly hints?: Hints;
}

/** One language. Pure: same tree and environment, same answer. `hints` never change the plan. */
export interface Provider {
  readonly name: string;
  detect(source: SourceTree, env: Environment): boolean;
  plan(source: SourceTree, env: Environment, arch: Arch): Provided | undefined;
}
