import type { Problem } from '@nx-nixpack/base';
import {
  loadDeployment,
  maxDeploymentBytes,
  type BrokenComponent,
  type Deployment,
  type LoadedDeployment,
  type ToolchainName,
} from '@nx-nixpack/deployment';
import { KNOWN_NAMES } from '../known-names.js';
import { ObservedFacts } from './observed-facts.js';
import type { RefusedFile, WorkspaceFile } from './read-workspace-file.js';
import { settleWorkspace, type LoadedFile, type UnreadableFile } from './settle-workspace.js';
import { DEPLOYMENT_FILES, workspaceFacts, workspaceFiles } from './workspace-files.js';

export interface Workspace {
  readonly root: string;
  /** The deployments that could be read, without their broken components, in order of their files. */
  readonly deployments: readonly Deployment[];
  /** Everything that is wrong, in order of files and places. */
  readonly problems: readonly Problem[];
  /** Components that cannot be built for it. The others can. */
  readonly broken: readonly BrokenComponent[];
  /** Files of which not even the components are known. */
  readonly unreadable: readonly UnreadableFile[];
}

export interface ReadOptions {
  /** Glob of the deployment files, relative to the root. */
  readonly deployments?: string;
  /** Environment variables that templates may name as `env.<NAME>`. */
  readonly allowedEnv?: readonly string[];
  /** Who brings the tools of components that do not say; default `nix`. */
  readonly toolchain?: ToolchainName;
  /** Keys and values that one deployment file may have; default 250,000. */
  readonly maxDeploymentValues?: number;
}

/** Reads every deployment file of a workspace. Never throws for what a user wrote: see `problems`. */
export const readWorkspace = (root: string, options: ReadOptions = {}): Workspace =>
  new DeploymentFiles(root, options).read();

/** What a file came to, and all that it rests on. */
interface ReadFile {
  readonly content: Buffer;
  readonly facts: ObservedFacts;
  readonly loaded: LoadedDeployment;
}

/** The deployment files of a workspace: looked at each time, but made sense of again only when something has changed. */
export class DeploymentFiles {
  readonly #root: string;
  readonly #options: ReadOptions;
  #files: ReadonlyMap<string, ReadFile> = new Map();

  constructor(root: string, options: ReadOptions) {
    this.#root = root;
    this.#options = options;
  }

  read(): Workspace {
    const { deployments: glob = DEPLOYMENT_FILES, maxDeploymentValues } = this.#options;
    const facts = workspaceFacts(this.#root);
    // One byte more than is read of a file tells that there is more.
    const most = maxDeploymentBytes(maxDeploymentValues) + 1;
    const files = new Map<string, ReadFile>();
    const loaded = workspaceFiles(this.#root, glob, most).map((file): LoadedFile => {
      if (isRefused(file)) return refused(file);
      const read = this.#unchanged(file, facts) ?? this.#load(file, facts);
      files.set(file.path, read);
      return { file: file.path, ...read.loaded };
    });
    this.#files = files;
    return { root: this.#root, ...settleWorkspace(loaded) };
  }

  #unchanged({ path, content }: WorkspaceFile, facts: Facts): ReadFile | undefined {
    const before = this.#files.get(path);
    return before?.content.equals(content) && before.facts.agreesWith(facts) ? before : undefined;
  }

  #load({ path, content }: WorkspaceFile, given: Facts): ReadFile {
    const { allowedEnv = [], maxDeploymentValues, toolchain } = this.#options;
    const facts = new ObservedFacts(given);
    const limits = {
      ...(maxDeploymentValues !== undefined && { maxValues: maxDeploymentValues }),
      ...(toolchain !== undefined && { defaultToolchain: toolchain }),
    };
    const input = { file: path, content, workspace: facts, names: KNOWN_NAMES, allowedEnv };
    return { content, facts, loaded: loadDeployment({ ...input, ...limits }) };
  }
}

type Facts = ReturnType<typeof workspaceFacts>;

const refused = ({ path, problem }: RefusedFile): LoadedFile => ({
  file: path,
  problems: [problem],
  unsupported: [],
  broken: [],
});

const isRefused = (file: WorkspaceFile | RefusedFile): file is RefusedFile => 'problem' in file;
