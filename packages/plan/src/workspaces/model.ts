import type { Problem } from '@nx-nixpack/base';
import type { BuildPlan, Hints } from '../plan/build-plan.js';
import type { Ecosystem } from './ecosystem.js';

/** A dependency between two directories of the workspace that manifests do not show. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export interface Member {
  /** Relative to the workspace root, e.g. `libs/greeting`. */
  readonly directory: string;
  /** The package's name; the directory when it has none. */
  readonly name: string;
  readonly why: string;
  /** Reached over non-dev edges only, so the run image needs it. */
  readonly runtime: boolean;
  /** A member of the package manager's workspace, or a plain directory (`file:` dependency, extra edge). */
  readonly kind: 'workspace' | 'directory';
  /** Has a build script that must run before the source's own build. */
  readonly builds: boolean;
}

export interface RootFile {
  readonly path: string;
  readonly why: string;
}

/** What of the workspace belongs to one component (docs/concepts/monorepo.md). All paths are relative to the workspace root. */
export interface Closure {
  readonly source: string;
  /** Who claims the source; absent when nobody does and only the layout is kept. */
  readonly ecosystem?: Ecosystem;
  /** Directory of the ecosystem's own workspace; '' when it is the workspace root, as nearly always. */
  readonly root: string;
  /** The libraries, dependencies first, without the source itself. */
  readonly members: readonly Member[];
  /** Files that belong as they are (tsconfig.base.json, .npmrc, …); the directories of members belong whole. */
  readonly rootFiles: readonly RootFile[];
  /** Files that replace the originals: root manifest, lock file. Digest these, never the originals. */
  readonly derived: ReadonlyMap<string, Uint8Array>;
  /** Paths and globs outside of the members that decided all this, whether or not something lies there now. */
  readonly watched: readonly string[];
  /** Files that alone decide the install phase; absent when that is not certain. */
  readonly installInputs?: readonly string[];
  /** Why `installInputs` is absent. */
  readonly installInputsReason?: string;
  /** Warnings; errors are thrown as UserError. */
  readonly problems: readonly Problem[];
}

export interface Planned {
  readonly plan: BuildPlan;
  readonly hints: Hints;
}
