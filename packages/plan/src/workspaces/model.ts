import type { WorkspacePath } from '@nx-nixpack/base';
import type { BuildPlan, Hints } from '../plan/build-plan.js';

/** A dependency between two directories of the workspace that manifests do not show. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export interface Member {
  /** E.g. `libs/greeting`. */
  readonly directory: WorkspacePath;
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
  readonly path: WorkspacePath;
  readonly why: string;
}

export interface Planned {
  readonly plan: BuildPlan;
  readonly hints: Hints;
}
