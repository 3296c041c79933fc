import { resolve } from 'node:path';
import type { ExecutorContext, ProjectGraph } from '@nx/devkit';
import {
  compareText,
  describeProblem,
  sanitize,
  type FileTree,
  type Problem,
  type Progress,
} from '@nx-nixpack/base';
import { describePlan, planImage, writePlan, type Edge } from '@nx-nixpack/sdk/plan-image';
import { channelAccess, diskTree, registryAccess, storeDirectory } from '@nx-nixpack/sdk/system';
import { findComponent, workspaceModel, type Workspace } from '@nx-nixpack/sdk/workspace';
import type { ResolvedOptions } from '../../options/options.js';
import { optionsFromNxJson } from '../../options/resolve-options.js';
import type { PlanImageOptions } from './schema.js';

/** Plans components of one workspace; the deployment files are read once. */
export class PlanTasks {
  readonly #workspace: Workspace;
  readonly #edges: readonly Edge[];
  readonly #files: FileTree;
  readonly #progress: Progress;
  readonly #store: string;
  readonly #channels: () => ReturnType<typeof channelAccess>;
  readonly #options: ResolvedOptions;
  #hasTold = false;

  constructor(
    context: Pick<ExecutorContext, 'root' | 'nxJsonConfiguration' | 'projectGraph'>,
    progress: Progress,
  ) {
    const options = optionsFromNxJson(context.nxJsonConfiguration, context.root);
    this.#options = options;
    this.#workspace = workspaceModel(context.root, options).workspace;
    const store = options.store && resolve(context.root, options.store);
    this.#store = storeDirectory(process.env, store);
    this.#channels = () => channelAccess({ storeDirectory: this.#store });
    this.#files = diskTree(context.root);
    this.#edges = projectEdges(context.projectGraph);
    this.#progress = progress;
  }

  /** Plans one component and leaves its records. Returns what the user is shown. `task`: as Nx names it, `<project>:<target>`. */
  async run(options: PlanImageOptions, task?: string): Promise<string> {
    this.#tellOfBroken();
    const found = findComponent(this.#workspace, options.deployment, options.component);
    const planned = await planImage({
      workspaceRoot: this.#workspace.root,
      ...found,
      edges: this.#edges,
      files: this.#files,
      access: registryAccess(this.#progress),
      storeDirectory: this.#store,
      channels: this.#channels,
      progress: this.#progress,
    });
    writePlan(this.#workspace.root, planned);
    const { explain = false, json = false } = options;
    const text = describePlan(planned, { explain, json });
    const next = task === undefined || json ? undefined : this.#buildTask(task);
    return next === undefined ? text : `${text}\n  next      nx run ${sanitize(next)}`;
  }

  /** Whatever the project is called, and however many components its directory has. */
  #buildTask(task: string): string | undefined {
    const { planTargetName, buildTargetName } = this.#options;
    const [project = '', target = ''] = [
      task.slice(0, task.lastIndexOf(':')),
      task.split(':').pop(),
    ];
    if (!target.startsWith(planTargetName)) return undefined;
    return `${project}:${buildTargetName}${target.slice(planTargetName.length)}`;
  }

  /** Others can be planned all the same, but nobody shall think that all is well. */
  #tellOfBroken(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    const { broken, unreadable } = this.#workspace;
    for (const { deployment, id, problems } of broken)
      this.#tell(`${deployment}: ${id} cannot be built`, problems);
    for (const { file, problems } of unreadable) this.#tell(`${file} cannot be read`, problems);
  }

  #tell(what: string, [first]: readonly Problem[]): void {
    if (first) this.#progress.warn(`${what}: ${describeProblem(first)}`);
  }
}

/** What Nx knows of the directories besides the manifests: imports that it found in the sources. */
export function projectEdges(graph: ProjectGraph): Edge[] {
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
