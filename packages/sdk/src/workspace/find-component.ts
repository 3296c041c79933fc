import { didYouMean, UserError, type Problem } from '@nx-nixpack/base';
import type { ComponentId, Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { Workspace } from './read-workspace.js';

/** What a deployment file says of a component. */
export interface Described {
  readonly deployment: Deployment;
  readonly component: NixpackComponent;
}

/**
 * One component with an image, e.g. `nixpack/api`. Throws what is wrong with it, or with the file that should describe it, all
 * together; mistakes in other components are none of its. CONFIG_UNKNOWN_COMPONENT for what is not there.
 */
export function findComponent(
  workspace: Workspace,
  deploymentName: string,
  id: ComponentId,
): Described {
  const deployment = workspace.deployments.find(({ name }) => name === deploymentName);
  const problems = problemsOf(workspace, deploymentName, id);
  if (problems.length > 0) throw UserError.of(problems);
  if (!deployment) throw unknownDeployment(deploymentName, workspace.deployments);
  const component = deployment.components.find((one) => one.id === id);
  if (component?.type !== 'nixpack') throw unknownComponent(id, deployment);
  return { deployment, component };
}

/** A file that cannot be read may describe any deployment that is not found; it is also called by its own name. */
function problemsOf(
  { deployments, broken, unreadable }: Workspace,
  name: string,
  id: ComponentId,
): readonly Problem[] {
  const own = broken.find((one) => one.deployment === name && one.id === id);
  if (own) return own.problems;
  const file = unreadable.find((one) => one.file === name);
  if (file) return file.problems;
  const isKnown = [...deployments, ...broken.map((one) => ({ name: one.deployment }))].some(
    (one) => one.name === name,
  );
  return isKnown ? [] : unreadable.flatMap(({ problems }) => problems);
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
