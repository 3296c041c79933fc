import type { ResolvedOptions } from './options.js';
import type { ComponentProject, Placed } from './projects.js';
import { targetNames, type Upstream } from './targets.js';

const COMPONENT_REFERENCE = /nixpack\.([a-z0-9/-]+)\.ref/;

/** The images that a component depends on: what `depends_on` names, and those its base images are. */
export function dependenciesOf(
  { deployment, component }: Placed,
  projects: readonly ComponentProject[],
  options: ResolvedOptions,
): (Upstream & { component: string; root: string })[] {
  const { buildImage, runImage } = component.settings;
  const bases = [buildImage, runImage].flatMap(
    (image) => COMPONENT_REFERENCE.exec(image ?? '')?.[1] ?? [],
  );
  const ids = new Set([...component.dependsOn, ...bases.map((name) => `nixpack/${name}`)]);
  return [...ids].flatMap((id) => find(id, deployment.name, projects, options) ?? []);
}

/** `<type>/<name>` of the same deployment, or `<deployment>:<type>/<name>` of another. */
function find(
  id: string,
  own: string,
  projects: readonly ComponentProject[],
  options: ResolvedOptions,
): (Upstream & { component: string; root: string }) | undefined {
  const [deployment, wanted] = id.includes(':') ? id.split(':') : [own, id];
  for (const project of projects) {
    const placed = project.placed.find(
      (one) => one.deployment.name === deployment && one.component.id === wanted,
    );
    if (placed)
      return {
        project: project.name,
        root: project.root,
        component: placed.component.name,
        names: targetNames(options, placed, project.placed.length > 1),
      };
  }
  return undefined;
}
