import type { LayerName } from '../recipe/recipe.js';

/** What becomes one layer each: neighbors of one name. */
export function layerGroups<T extends { readonly layer: LayerName }>(steps: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.layer === step.layer) last.push(step);
    else groups.push([step]);
  }
  return groups;
}
