import { resolve } from 'node:path';
import type { ExecutorContext, ProjectGraph } from '@nx/devkit';
import { compareText, type FileTree, type Progress } from '@nx-nixpack/base';
import { describePlan, planImage, writePlan, type Edge } from '@nx-nixpack/sdk/plan-image';
import { channelAccess, diskTree, registryAccess, storeDirectory } from '@nx-nixpack/sdk/system';
import { findComponent, workspaceModel, type Workspace } from '@nx-nixpack/sdk/workspace';
import { optionsFromNxJson } from '../../options/resolve-options.js';
import type { PlanImageOptions } from './schema.js';

/** Plans components of one workspace; the deployment files are read once. */
export class PlanTasks {
  readonly #workspace: Workspace;
  readonly #edges: readonly Edge[];
  readonly #files: FileTree;
  readonly #progress: Progress;
  readonly #channels: () => ReturnType<typeof channelAccess>;

  constructor(
    context: Pick<ExecutorContext, 'root' | 'nxJsonConfiguration' | 'projectGraph'>,
    progress: Progress,
  ) {
    const plugin = optionsFromNxJson(context.nxJsonConfiguration, context.root);
    this.#workspace = workspaceModel(context.root, plugin).workspace;
    const store = plugin.store && resolve(context.root, plugin.store);
    this.#channels = () => channelAccess({ storeDirectory: storeDirectory(process.env, store) });
    this.#files = diskTree(context.root);
    this.#edges = projectEdges(context.projectGraph);
    this.#progress = progress;
  }

  /** Plans one component and leaves its records. Returns what the user is shown. */
  async run(options: PlanImageOptions): Promise<string> {
    const found = findComponent(this.#workspace, options.deployment, options.component);
    const planned = await planImage({
      workspaceRoot: this.#workspace.root,
      ...found,
      edges: this.#edges,
      files: this.#files,
      access: registryAccess(this.#progress),
      channels: this.#channels,
      progress: this.#progress,
    });
    writePlan(this.#workspace.root, planned);
    return describePlan(planned, {
      explain: options.explain ?? false,
      json: options.json ?? false,
    });
  }
}

/** What Nx knows of the directories besides the manifests: imports that it found in the sources. */
function projectEdges(graph: ProjectGraph): Edge[] {
  const edges = Object.values(graph.dependencies).flatMap((dependencies) =>
    dependencies.flatMap(({ source, target, type }) => {
      const from = graph.nodes[source]?.data.root;
      const to = graph.nodes[target]?.data.root;
      // An implicit edge may only order tasks; it says nothing about files.
      if (from === undefined || to === undefined || type === 'implicit') return [];
      return [{ from, to, why: `${source} imports ${target}` }];
    }),
  );
  return edges.sort((a, b) => compareText(`${a.from}\n${a.to}`, `${b.from}\n${b.to}`));
}
