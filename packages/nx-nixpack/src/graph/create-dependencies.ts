import type { CreateDependencies, DependencyType, RawProjectGraphDependency } from '@nx/devkit';
import { UserError } from '@nx-nixpack/base';
import { workspaceModel } from '@nx-nixpack/sdk/workspace';
import type { PluginOptions, ResolvedOptions } from '../options/options.js';
import { resolveOptions } from '../options/resolve-options.js';
import { componentProjects } from './projects.js';
import { dependenciesOf } from './upstream.js';

/** The enumeration's own value: its module would cost every command of the workspace a tenth of a second. */
const IMPLICIT = 'implicit' satisfies `${DependencyType}` as DependencyType.implicit;

/**
 * An edge of the project graph for each `depends_on` between images. Names are looked up by root: projects may be renamed.
 * None leads to a directory without files that Nx knows, such as one that git ignores: Nx could hash nothing that hashes its
 * dependencies then (nrwl/nx#22213). The order of our own tasks does not need the edge.
 */
export const createDependencies: CreateDependencies<PluginOptions> = (
  given,
  { workspaceRoot, projects, fileMap },
) => {
  const options = acceptedOptions(given, workspaceRoot);
  if (options === undefined) return [];
  const { workspace } = workspaceModel(workspaceRoot, options);
  const { deployments } = workspace;
  const inferred = componentProjects(workspace, options);
  const nameByRoot = new Map(Object.entries(projects).map(([name, { root }]) => [root, name]));
  const edges = new Map<string, RawProjectGraphDependency>();
  for (const project of inferred)
    for (const described of project.components)
      for (const upstream of dependenciesOf(described, deployments, inferred, options)) {
        const source = nameByRoot.get(project.root);
        const target = nameByRoot.get(upstream.root);
        if (source === undefined || target === undefined || source === target) continue;
        if ((fileMap.projectFileMap[target] ?? []).length === 0) continue;
        edges.set(`${source}\n${target}`, { source, target, type: IMPLICIT });
      }
  return [...edges.values()];
};

/** Of what is wrong with them, creating the nodes has told. */
function acceptedOptions(given: unknown, workspaceRoot: string): ResolvedOptions | undefined {
  try {
    return resolveOptions(given, workspaceRoot);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
