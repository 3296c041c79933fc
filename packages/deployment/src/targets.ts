import { UserError } from '@nx-nixpack/base';
import type { ComponentId, Deployment, Target } from './component.js';
import { quote } from './findings.js';
import { waves } from './graph.js';
import { didYouMean } from './suggest.js';

/** The target of that name, or the default one; undefined when none is asked for and there is no default. UserError CONFIG_UNKNOWN_TARGET. */
export function findTarget(deployment: Deployment, name?: string): Target | undefined {
  const wanted = name ?? deployment.defaultTarget;
  if (wanted === undefined) return undefined;
  const target = deployment.targets.find((one) => one.name === wanted);
  if (target !== undefined) return target;
  const names = deployment.targets.map((one) => one.name);
  throw new UserError({
    code: 'CONFIG_UNKNOWN_TARGET',
    message: `The deployment ${quote(deployment.name)} has no target ${quote(wanted)}`,
    hint: didYouMean(wanted, names),
    at: deployment.at,
  });
}

/** The values that templates may use of a target: its name, and the parts of its context that are text, numbers or flags. */
export function targetValues(target: Target): ReadonlyMap<string, string> {
  const values = new Map([['target', target.name]]);
  for (const [key, value] of Object.entries(target.context))
    if (['string', 'number', 'boolean'].includes(typeof value))
      values.set(`context.${key}`, String(value));
  return values;
}

/** Ids of a deployment's components in waves: each waits only for those of earlier waves, and of other deployments. */
export function componentWaves({ components }: Deployment): readonly (readonly ComponentId[])[] {
  const edges = components.flatMap(({ id, dependsOn }) =>
    dependsOn.map((to) => ({ from: id, to })),
  );
  return waves(
    components.map(({ id }) => id),
    edges,
  );
}
