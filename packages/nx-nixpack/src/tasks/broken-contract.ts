import type { TargetConfiguration } from '@nx/devkit';
import type { ComponentTask, Pointers } from './component-task.js';
import { cacheContract } from './targets.js';

const ADVICE =
  'Take it out of there, or name the target otherwise with the options of nx-nixpack in nx.json';

/**
 * targetDefaults of nx.json and a project's own configuration win over what the plugin infers, and Nx does not tell.
 * Returns what to warn of when the result of a task may then be that of another source.
 */
export function brokenContract(
  target: TargetConfiguration | undefined,
  task: ComponentTask,
  component: Pointers,
): string | undefined {
  if (target === undefined) return undefined;
  if (!task.cached) return target.cache === true ? cachedAnyway(task) : undefined;
  if (target.cache === false) return undefined;
  const contract = cacheContract(task, component);
  const replaced = (['inputs', 'outputs'] as const).filter((key) =>
    lacks(target[key] ?? [], contract[key]),
  );
  if (replaced.length === 0) return undefined;
  return `targetDefaults or the project replace ${replaced.join(' and ')} of this target, so a cached result may be wrong. ${ADVICE}`;
}

/** A plan is the cache key of the image, a push acts on a registry: both must happen. */
const cachedAnyway = ({ name }: ComponentTask): string =>
  `targetDefaults or the project let ${name} be cached, so a result may be that of another source. ${ADVICE}`;

function lacks(have: readonly unknown[], wanted: readonly unknown[]): boolean {
  const present = new Set(have.map((one) => JSON.stringify(one)));
  return wanted.some((one) => !present.has(JSON.stringify(one)));
}
