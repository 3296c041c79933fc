import type { Environment, PlanContext } from '../languages/provider.js';
import type { BuildPlan, Hints } from '../plan/build-plan.js';
import type { Decision } from '../plan/explanation.js';
import type { SourceTree } from '../source/source-tree.js';

/** What an amendment may look at. */
export interface Question {
  readonly source: SourceTree;
  readonly env: Environment;
  /** The provider's plan, as the amendments before this one left it. */
  readonly plan: BuildPlan;
  readonly hints: Hints;
  readonly context: PlanContext;
  /** What the source's own files and the user say; it is laid over the plan later and wins. */
  readonly over: BuildPlan;
  /** Subjects that an amendment before this one decided. */
  readonly decided: ReadonlySet<string>;
}

export interface Amended {
  /** In place of the provider's plan. */
  readonly plan: BuildPlan;
  /** In place of the provider's hints; those are kept when absent. */
  readonly hints?: Hints;
  /** What is answered differently, and why; each in place of the provider's decision on the same subject. */
  readonly decisions: readonly Decision[];
}

/**
 * A correction of what a provider planned, where nixpacks' own answer is missing or would not run. Pure. `amend` answers
 * undefined for what it has nothing to say about.
 */
export interface Amendment {
  readonly name: string;
  /** The languages whose plans it may change. */
  readonly providers: readonly string[];
  amend(question: Question): Amended | undefined;
}
