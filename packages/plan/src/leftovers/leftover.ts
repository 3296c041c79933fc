import type { Environment } from '../languages/provider.js';
import type { BuildPlan } from '../plan/build-plan.js';
import type { SourceTree } from '../source/source-tree.js';

/** A finished build, asked what of it the started program does not need. */
export interface Build {
  readonly source: SourceTree;
  readonly env: Environment;
  /** The plan as it is carried out, the user's own words in it. */
  readonly plan: BuildPlan;
}

/** The command that removes it, run in /app without network; or why everything stays. */
export type Leftover = { readonly command: string } | { readonly kept: string };

/** What one language leaves. Undefined: nothing that is not needed. */
export type Sweeper = (build: Build) => Leftover | undefined;

export const swept = (command: string): Leftover => ({ command });
export const kept = (reason: string): Leftover => ({ kept: reason });

/** The value that the started program sees, as far as the plan knows. */
export const variable = ({ env, plan }: Build, name: string): string | undefined =>
  plan.variables?.[name] ?? env.get(name);
