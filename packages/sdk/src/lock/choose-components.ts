import { didYouMean, UserError, type Problem } from '@nx-nixpack/base';
import type { Described, Workspace } from '../workspace/index.js';

export interface LockChoice {
  /** Those whose entries are written. */
  readonly chosen: readonly Described[];
  /** Whether there are or may be others; without any, what is of nobody is dropped. */
  readonly isPartial: boolean;
  /** What is wrong with others that were asked for. */
  readonly problems: readonly Problem[];
}

/**
 * What to lock of a workspace: all components with images, or the one of a name. A broken one is no reason to leave its
 * neighbors unlocked. Throws UserError when the only one that is asked for is broken or not there.
 */
export function chooseComponents(workspace: Workspace, only?: string): LockChoice {
  const all = described(workspace);
  const { problems } = workspace;
  if (only === undefined)
    return { chosen: [...all.values()], isPartial: problems.length > 0, problems };
  const found = all.get(only);
  if (found === undefined) throw notThere(only, workspace, [...all.keys()]);
  return { chosen: [found], isPartial: true, problems: [] };
}

export const nameOf = ({ deployment, component }: Described): string =>
  `${deployment.name}/${component.id}`;

function described({ deployments }: Workspace): Map<string, Described> {
  const all = deployments.flatMap((deployment) =>
    deployment.components.flatMap((component): readonly Described[] =>
      component.type === 'nixpack' ? [{ deployment, component }] : [],
    ),
  );
  return new Map(all.map((one) => [nameOf(one), one]));
}

function notThere(name: string, workspace: Workspace, known: readonly string[]): UserError {
  const broken = workspace.broken.find((one) => `${one.deployment}/${one.id}` === name);
  const problems = broken?.problems ?? workspace.unreadable.flatMap((one) => one.problems);
  if (problems.length > 0) return UserError.of(problems);
  return new UserError({
    code: 'CONFIG_UNKNOWN_COMPONENT',
    message: `There is no component with an image called "${name}"`,
    hint: didYouMean(name, known),
  });
}
