import { didYouMean, UserError } from '@nx-nixpack/base';
import type { ComponentId, Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { Workspace } from './read-workspace.js';

/** What a deployment file says of a component. */
export interface Described {
  readonly deployment: Deployment;
  readonly component: NixpackComponent;
}

/**
 * One component with an image, e.g. `nixpack/api`, of a workspace without problems. Throws them all together otherwise,
 * and CONFIG_UNKNOWN_COMPONENT for what is not there.
 */
export function findComponent(
  workspace: Workspace,
  deploymentName: string,
  id: ComponentId,
): Described {
  const deployment = workspace.deployments.find(({ name }) => name === deploymentName);
  const own = workspace.problems.filter(({ at }) => !deployment || at?.file === deployment.file);
  if (own.length > 0) throw UserError.of(own);
  if (!deployment) throw unknownDeployment(deploymentName, workspace.deployments);
  const component = deployment.components.find((one) => one.id === id);
  if (component?.type !== 'nixpack') throw unknownComponent(id, deployment);
  return { deployment, component };
}

function unknownDeployment(name: string, known: readonly Deployment[]): UserError {
  const names = known.map((deployment) => deployment.name);
  return new UserError({
    code: 'CONFIG_UNKNOWN_COMPONENT',
    message: `There is no deployment "${name}"`,
    hint: names.length === 0 ? 'Describe it in a deployment file.' : didYouMean(name, names),
  });
}

function unknownComponent(id: ComponentId, { name, components }: Deployment): UserError {
  return new UserError({
    code: 'CONFIG_UNKNOWN_COMPONENT',
    message: `Deployment "${name}" has no nixpack component "${id}"`,
    hint: hintFor(id, components),
  });
}

function hintFor(id: ComponentId, components: Deployment['components']): string {
  const ids = components.filter(({ type }) => type === 'nixpack').map((one) => one.id);
  const bare = components.find(({ name, type }) => type === 'nixpack' && name === id);
  if (bare !== undefined) return `A component is named by its id: ${bare.id}.`;
  if (ids.length === 0) return 'Describe it in the deployment file.';
  if (components.some((one) => one.id === id))
    return `It has no image; use one of: ${ids.join(', ')}.`;
  return didYouMean(id, ids);
}
