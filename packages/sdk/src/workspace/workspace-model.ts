import { canonicalJson, type WorkspacePath } from '@nx-nixpack/base';
import type { NixpackComponent } from '@nx-nixpack/deployment';
import { isMember, sourceTree, type SourceTree } from '@nx-nixpack/plan/inference';
import { diskTree } from '../system/disk-tree.js';
import { ObservedTree } from './observed-tree.js';
import { DeploymentFiles, type ReadOptions, type Workspace } from './read-workspace.js';
import { watchedPaths } from './watched-paths.js';

/** A workspace as it is at one moment. Whatever it is asked is worked out once. */
export interface WorkspaceModel {
  readonly workspace: Workspace;
  /** Paths besides the source whose change may change the component's plan, as Nx inputs relative to the root. */
  watchedPaths(component: NixpackComponent): readonly string[];
  /** Whether a workspace of a package manager has the directory as a member. */
  isMember(directory: WorkspacePath): boolean;
}

/** What was read last in this process. Nx asks for one workspace again and again, from a process that lives for days. */
let latest: { readonly key: string; readonly source: ModelSource } | undefined;

/**
 * The workspace as it is now. In one process a deployment file is made sense of once and closures are computed once, until
 * something that they rest on has changed; contents are compared, not times, so that no answer is stale.
 */
export function workspaceModel(root: string, options: ReadOptions = {}): WorkspaceModel {
  const { deployments, allowedEnv, maxDeploymentValues, toolchain } = options;
  const key = JSON.stringify([root, deployments, allowedEnv, maxDeploymentValues, toolchain]);
  if (latest?.key !== key) latest = { key, source: new ModelSource(root, options) };
  return latest.source.model();
}

class ModelSource {
  readonly #root: string;
  readonly #files: DeploymentFiles;
  #layout: Layout | undefined;

  constructor(root: string, options: ReadOptions) {
    this.#root = root;
    this.#files = new DeploymentFiles(root, options);
  }

  model(): WorkspaceModel {
    const workspace = this.#files.read();
    let layout: Layout | undefined;
    // The tree is looked at when a model is first asked, and then stands for that moment.
    const current = (): Layout => (layout ??= this.#currentLayout());
    return {
      workspace,
      watchedPaths: (component) => current().watchedPaths(component),
      isMember: (directory) => current().isMember(directory),
    };
  }

  #currentLayout(): Layout {
    if (this.#layout?.isCurrent() !== true) this.#layout = new Layout(this.#root);
    return this.#layout;
  }
}

/** What the manifests of a workspace come to, all read through one tree. */
class Layout {
  readonly #root: string;
  readonly #observed: ObservedTree;
  readonly #tree: SourceTree;
  readonly #watched = new Map<string, readonly string[]>();
  readonly #members = new Map<string, boolean>();

  constructor(root: string) {
    this.#root = root;
    this.#observed = new ObservedTree(diskTree(root));
    this.#tree = sourceTree(this.#observed, { name: 'workspace' });
  }

  isCurrent(): boolean {
    return this.#observed.movesTo(diskTree(this.#root));
  }

  watchedPaths(component: NixpackComponent): readonly string[] {
    const { source, workspace, include } = component.vars;
    return once(this.#watched, canonicalJson([source, workspace, include]), () =>
      watchedPaths(this.#tree, component),
    );
  }

  isMember(directory: WorkspacePath): boolean {
    return once(this.#members, directory, () => isMember(this.#tree, directory));
  }
}

function once<T>(memo: Map<string, T>, key: string, work: () => T): T {
  const known = memo.get(key);
  if (known !== undefined) return known;
  const value = work();
  memo.set(key, value);
  return value;
}
