import { compareText } from '@nx-nixpack/base';
import type { Evidence, Hash, Package } from './package-graph.js';

/** One package for each id, sorted by id: details of the first place, evidence and hashes of all. */
export function mergePackages(packages: readonly Package[]): Package[] {
  const groups = new Map<string, Package[]>();
  for (const one of packages) {
    const group = groups.get(one.id);
    if (group) group.push(one);
    else groups.set(one.id, [one]);
  }
  return [...groups.values()].map(mergeGroup).sort((a, b) => compareText(a.id, b.id));
}

function mergeGroup(group: readonly Package[]): Package {
  const ordered = [...group].sort((a, b) => compareText(placeOf(a), placeOf(b)));
  const [first] = ordered;
  if (first === undefined) throw new Error('a group of packages is never empty');
  return {
    ...first,
    evidence: distinct(
      ordered.flatMap((one) => one.evidence),
      (one: Evidence) => `${one.path} ${one.technique}`,
    ),
    hashes: distinct(
      ordered.flatMap((one) => one.hashes),
      (one: Hash) => `${one.algorithm} ${one.hex}`,
    ),
    properties: Object.assign(
      {},
      ...ordered.map((one) => one.properties).reverse(),
    ) as Package['properties'],
  };
}

const placeOf = (one: Package): string => one.evidence[0]?.path ?? '';

/** Sorted by `key`, each key once. */
function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  const byKey = new Map(items.map((item) => [key(item), item]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
}
