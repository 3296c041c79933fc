import type { BuildPlan, Hints } from './build-plan.js';
import type { Problem } from '@nx-nixpack/base';

/** A dependency between two directories of the workspace that manifests do not show. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export interface Member {
  /** Relative to the workspace root, e.g. `libs/greeting`. */
  readonly directory: string;
  /** The package's name. */
  readonly name: string;
  readonly why: string;
  /** Reached over non-dev edges only, so the run image needs it. */
  readonly runtime: boolean;
}

/** What of the workspace belongs to one component (monorepo.md 1.3). */
export interface Closure {
  readonly source: string;
  readonly ecosystem: 'npm';
  /** The libraries, topologically sorted (dependencies first), without the source itself. */
  readonly members: readonly Member[];
  /** Root files that belong as they are (tsconfig.base.json, .npmrc, …); directories of members belong whole. */
  readonly rootFiles: readonly { readonly path: string; readonly why: string }[];
  /** Files that replace the originals: root package.json, package-lock.json. Digest these, never the originals. */
  readonly derived: ReadonlyMap<string, Uint8Array>;
  /** Warnings; errors are thrown as UserError. */
  readonly problems: readonly Problem[];
}

export interface Planned {
  readonly plan: BuildPlan;
  readonly hints: Hints;
}
