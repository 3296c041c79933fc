import type { TargetConfiguration } from '@nx/devkit';

/** The part of a target that its cache rests on. */
export interface Contract {
  readonly inputs: readonly unknown[];
  readonly outputs: readonly string[];
}

const ADVICE =
  'Take it out of there, or name the target otherwise with the options of nx-nixpack in nx.json';

/**
 * targetDefaults of nx.json and a project's own configuration win over what the plugin infers, and Nx does not tell.
 * Returns what to warn of when a cached result of the target may then be that of another source.
 */
export function brokenContract(
  target: TargetConfiguration | undefined,
  contract: Contract,
): string | undefined {
  if (target === undefined || target.cache === false) return undefined;
  const replaced = (['inputs', 'outputs'] as const).filter((key) =>
    lacks(target[key] ?? [], contract[key]),
  );
  if (replaced.length === 0) return undefined;
  return `targetDefaults or the project replace ${replaced.join(' and ')} of this target, so a cached result may be wrong. ${ADVICE}`;
}

/** The same for a plan, which is the cache key of the image and must always be made anew. */
export function cachedPlan(target: TargetConfiguration | undefined): string | undefined {
  if (target?.cache !== true) return undefined;
  return `targetDefaults or the project let plans be cached, so a plan may be that of another source. ${ADVICE}`;
}

function lacks(have: readonly unknown[], wanted: readonly unknown[]): boolean {
  const present = new Set(have.map((one) => JSON.stringify(one)));
  return wanted.some((one) => !present.has(JSON.stringify(one)));
}
