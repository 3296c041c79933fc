import {
  DependencyType,
  type CreateDependencies,
  type RawProjectGraphDependency,
} from '@nx/devkit';
import { readWorkspace } from '@nx-nixpack/sdk/workspace';
import { resolveOptions, type PluginOptions } from './options.js';
import { componentProjects } from './projects.js';
import { dependenciesOf } from './upstream.js';

/** An edge of the project graph for each `depends_on` between images. Names are looked up by root: projects may be renamed. */
export const createDependencies: CreateDependencies<PluginOptions> = (
  given,
  { workspaceRoot, projects },
) => {
  const options = resolveOptions(given);
  const { deployments } = readWorkspace(workspaceRoot, options);
  const inferred = componentProjects(deployments, options);
  const nameByRoot = new Map(Object.entries(projects).map(([name, { root }]) => [root, name]));
  const edges = new Map<string, RawProjectGraphDependency>();
  for (const project of inferred)
    for (const placed of project.placed)
      for (const upstream of dependenciesOf(placed, inferred, options)) {
        const source = nameByRoot.get(project.root);
        const target = nameByRoot.get(upstream.root);
        if (source === undefined || target === undefined || source === target) continue;
        edges.set(`${source}\n${target}`, { source, target, type: DependencyType.implicit });
      }
  return [...edges.values()];
};
