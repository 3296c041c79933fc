import type { ByteString, FileTree, Problem, WorkspacePath } from '@nx-nixpack/base';
import type { Hints } from '../plan/build-plan.js';
import type { SourceTree } from '../source/source-tree.js';
import type { Edge, Member, RootFile } from './model.js';

/** A directory above a source, asked whether it is a workspace. Paths are relative to the workspace root. */
export interface Place {
  readonly at: WorkspacePath;
  readonly source: WorkspacePath;
  /** The source, seen from `at`. */
  readonly directory: string;
}

/** A source in its workspace. */
export interface Membership {
  readonly source: WorkspacePath;
  /** Directory of the workspace that claims it. */
  readonly root: WorkspacePath;
}

/** A file of the build, read only when somebody asks. */
export interface ContextFile {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly size: number;
  text(): string;
}

/**
 * One kind of workspace (npm, Cargo, …): which sources are its members, and how one of them is built without the rest.
 * Pure: it reads through the trees that it is given. An ecosystem without `closure` is recognized and refused.
 */
export interface Ecosystem {
  /** As messages name it. */
  readonly name: string;
  /** The file that makes a directory a possible member. */
  readonly manifest: string;
  /** Names of files of a directory that decide whether it is a workspace, and which kind. */
  readonly decidedBy: readonly string[];
  /** The file that makes the source a member of a workspace at the place; undefined when none does. */
  claim(tree: SourceTree, place: Place): string | undefined;
  /** Files of the workspace's root that a provider sees in a member without its own. */
  readonly shared: readonly string[];
  /** Files of the member that a provider sees with other contents, by their name in the member. */
  changed?(files: FileTree, membership: Membership): ReadonlyMap<ByteString, Buffer>;
  /** Directories of programs that a member has in its own directory and in the workspace's root. */
  readonly programs?: readonly string[];
  readonly closure?: ClosureRules;
}

/** What of the workspace belongs to one component (docs/concepts/monorepo.md). All paths are relative to the workspace root. */
export interface Closure {
  readonly source: WorkspacePath;
  /** Who claims the source; absent when nobody does and only the layout is kept. */
  readonly ecosystem?: Ecosystem;
  /** Directory of the ecosystem's own workspace; '' when it is the workspace root, as nearly always. */
  readonly root: WorkspacePath;
  /** The libraries, dependencies first, without the source itself. */
  readonly members: readonly Member[];
  /** Files that belong as they are (tsconfig.base.json, .npmrc, …); the directories of members belong whole. */
  readonly rootFiles: readonly RootFile[];
  /**
   * Files that replace the originals: root manifest, lock file. Digest these, never the originals. Made when somebody asks,
   * the same ones every time: whoever watches a workspace needs none of them.
   */
  derived(): ReadonlyMap<string, Uint8Array>;
  /** Globs outside of the members that decided all this, whether or not something lies there now. */
  readonly watched: readonly string[];
  /** Files that alone decide the install phase; absent when that is not certain. */
  readonly installInputs?: readonly string[];
  /** Why `installInputs` is absent. */
  readonly installInputsReason?: string;
  /** Warnings; errors are thrown as UserError. */
  readonly problems: readonly Problem[];
}

/** What belongs to one member, whose place is known. */
export type Cut = Omit<Closure, 'source' | 'root' | 'ecosystem'>;

/** How one member is cut out of its workspace and built. */
export interface ClosureRules {
  /** Throws UserError WORKSPACE_… for what does not fit together. */
  close(tree: SourceTree, membership: Membership, extraEdges: readonly Edge[]): Cut;
  /**
   * The commands of a phase, made for the source alone, as they run from /app on. Asked for every phase that has
   * commands, and for `build` always, since libraries may have to be built first.
   */
  commands(phase: string, commands: readonly string[], closure: Closure): readonly string[];
  /** The command that drops development dependencies, from /app on. */
  dropDevDependencies(command: string, closure: Closure): string;
  /** Which files decide what the install phase's commands leave. */
  installHints(commands: readonly string[], closure: Closure): InstallHints;
  /** What files of the build import although only the rest of the workspace brings it. */
  undeclared(tree: SourceTree, closure: Closure, files: readonly ContextFile[]): readonly Problem[];
}

export type InstallHints = Pick<Hints, 'installInputs' | 'installInputsReason'>;
