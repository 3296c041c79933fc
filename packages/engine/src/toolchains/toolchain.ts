import type { Position } from '@nx-nixpack/base';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import type { BaseFacts, LowerSettings } from '../recipe/settings.js';
import type { Step } from '../recipe/recipe.js';
import type { Provision } from './provision.js';
import type { ProvisionRequest } from './debian/request.js';

/** What a toolchain may look at. */
export interface Tooling {
  readonly plan: BuildPlan;
  readonly hints: Hints;
  readonly settings: LowerSettings;
  /** The build image. */
  readonly build: BaseFacts;
  /** What planning resolved of the toolchain's request. */
  readonly provision?: Provision;
}

/** Makes a `run` step of the setup phase, in layer `toolchain`, with the plan's variables and network rules. */
export type SetupRun = (command: string) => Step;

/** Where the programs of a plan come from: its names of Nix packages are met in one way or another. */
export interface Toolchain {
  readonly name: LowerSettings['toolchain'];
  /** Throws UserError BASE_INVALID for a build image that it cannot work on. */
  checkBase(build: BaseFacts): void;
  /**
   * What planning has to resolve; absent for a toolchain that brings nothing which could be resolved before. Throws UserError
   * TOOLCHAIN_UNAVAILABLE for what it can never bring. `placeOf`: where the user wrote the name of a package.
   */
  request?(
    wanted: Pick<Tooling, 'plan' | 'hints' | 'settings'>,
    placeOf?: (name: string) => Position | undefined,
  ): ProvisionRequest;
  /** Steps that bring the programs, before apt packages and the plan's own setup commands; all in layer `toolchain`. */
  steps(tooling: Tooling, run: SetupRun): readonly Step[];
  /** Steps that bring what only the build needs; absent where everything that the build has is in the image too. */
  buildSteps?(tooling: Tooling): readonly Step[];
  /** Variables that the programs need, in the build and in the image, below those of the plan. */
  variables?(tooling: Tooling): Readonly<Record<string, string>>;
  /** Whether the steps bring the plan's apt packages too. */
  readonly bringsAptPackages?: boolean;
  /** Whether a setup command of the plan has nothing to do here. */
  leavesOut(command: string, tooling: Pick<Tooling, 'hints'>): boolean;
  /** What a run image needs of the build besides the application: paths relative to the root. */
  imageCopies(tooling: Tooling): readonly string[];
  /** Names that the plan wanted and a command may miss: for the message when a program is not found. */
  expected(plan: BuildPlan): readonly string[];
  /** What a user writes to get such a program, as an imperative; absent where only another base has it. */
  readonly bringsMissing?: string;
  /** Lines for the user: what was decided, and why. */
  explain(tooling: Pick<Tooling, 'plan' | 'hints' | 'settings' | 'provision'>): readonly string[];
}
