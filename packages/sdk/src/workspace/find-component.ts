import { UserError } from '@nx-nixpack/base';
import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { Workspace } from './read-workspace.js';

/** One nixpack component of a workspace without problems. Throws them all together otherwise. */
export function findComponent(
  workspace: Workspace,
  deploymentName: string,
  componentName: string,
): { deployment: Deployment; component: NixpackComponent } {
  const deployment = workspace.deployments.find(({ name }) => name === deploymentName);
  const own = workspace.problems.filter(({ at }) => !deployment || at?.file === deployment.file);
  if (own.length > 0) throw UserError.of(own);
  if (!deployment)
    throw unknown(`There is no deployment "${deploymentName}"`, workspace.deployments);
  const nixpack = deployment.components.filter((one) => one.type === 'nixpack');
  const component = nixpack.find(({ name }) => name === componentName);
  if (component) return { deployment, component };
  throw unknown(
    `Deployment "${deploymentName}" has no nixpack component "${componentName}"`,
    nixpack,
  );
}

function unknown(message: string, known: readonly { name: string }[]): UserError {
  const names = known.map(({ name }) => name).join(', ');
  const hint = names === '' ? 'Describe it in a deployment file.' : `Name one of: ${names}.`;
  return new UserError({ code: 'CONFIG_UNKNOWN_COMPONENT', message, hint });
}
