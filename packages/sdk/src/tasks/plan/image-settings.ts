import { renderTemplate } from '@nx-nixpack/deployment';
import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { DevDependencies } from '@nx-nixpack/engine';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import { labelsInImage } from '../../records/labels.js';
import type { ImageSettings } from '../../records/records.js';
import type { SourceContext } from '../../source/source-context.js';

export function imageSettings(
  deployment: Deployment,
  component: NixpackComponent,
  hints: Hints,
  context: SourceContext,
  plan: BuildPlan,
): ImageSettings {
  const { settings, vars } = component;
  return {
    toolchain: settings.toolchain,
    platforms: settings.platforms,
    user: settings.user,
    env: literals(vars.env, deployment, component),
    buildEnv: literals(vars.buildEnv, deployment, component),
    network: settings.network,
    devDependencies: devDependencies(component, hints, context, plan),
    ports: vars.image.ports,
    labels: literals(labelsInImage(vars.image.labels), deployment, component),
    secrets: settings.secrets,
    created: 0,
  };
}

/** Dropped where the image is assembled from parts anyway: in a workspace, or on a run image of its own. */
function devDependencies(
  { settings }: NixpackComponent,
  hints: Hints,
  { closure }: SourceContext,
  plan: BuildPlan,
): DevDependencies {
  const members = (closure?.members ?? []).filter(({ runtime }) => !runtime);
  const dropped = (reason: string): DevDependencies => ({
    drop: true,
    reason,
    members: members.map(({ directory }) => directory),
  });
  if (hints.dropDevDependencies === undefined)
    return { drop: false, reason: 'the provider knows none' };
  if (settings.devDependencies !== 'auto')
    return settings.devDependencies === 'drop'
      ? dropped('dev_dependencies is drop')
      : { drop: false, reason: 'dev_dependencies is keep' };
  if (closure) return dropped('the source is part of a workspace');
  const runImage = settings.runImage ?? plan.start?.runImage;
  if (runImage !== undefined) return dropped('there is a run image');
  return { drop: false, reason: 'the source stands alone and has no run image' };
}

/** Variables and labels may name the deployment and the component, nothing that changes between builds. */
export function literals(
  values: Readonly<Record<string, string>>,
  deployment: Deployment,
  component: NixpackComponent,
): Record<string, string> {
  const known = new Map([
    ['deployment.name', deployment.name],
    ['component.name', component.name],
  ]);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, renderTemplate(value, known)]),
  );
}
