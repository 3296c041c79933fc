import { compareText } from '@nx-nixpack/base';

export const pullScope = (repository: string): string => `repository:${repository}:pull`;
export const pushScope = (repository: string): string => `repository:${repository}:pull,push`;

/** Scopes with the actions of each resource together, sorted: equal wishes, equal key. */
export function mergeScopes(...lists: readonly (readonly string[])[]): readonly string[] {
  const actions = new Map<string, Set<string>>();
  for (const scope of lists.flat()) {
    const end = scope.lastIndexOf(':');
    const resource = scope.slice(0, end);
    const known = actions.get(resource) ?? new Set();
    for (const action of scope.slice(end + 1).split(',')) known.add(action);
    actions.set(resource, known);
  }
  return [...actions]
    .map(([resource, set]) => `${resource}:${[...set].sort(compareText).join(',')}`)
    .sort(compareText);
}
