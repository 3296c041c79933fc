import { compareText, type WorkspacePath } from '@nx-nixpack/base';

/** One directory of a workspace needs another. */
export interface DirectoryEdge {
  readonly from: WorkspacePath;
  readonly to: WorkspacePath;
  readonly why: string;
  /** Needed by the running program. */
  readonly runtime: boolean;
}

/** What leads away from each directory, in the order of the list. */
export function byOrigin<E extends { readonly from: string }>(
  edges: readonly E[],
): (from: string) => readonly E[] {
  const grouped = new Map<string, E[]>();
  for (const edge of edges) {
    const known = grouped.get(edge.from);
    if (known === undefined) grouped.set(edge.from, [edge]);
    else known.push(edge);
  }
  return (from) => grouped.get(from) ?? [];
}

/** What the running program needs: everything reached over runtime edges alone, the source included. */
export function reachedAtRuntime(
  edges: readonly DirectoryEdge[],
  source: WorkspacePath,
): ReadonlySet<string> {
  const edgesFrom = byOrigin(edges);
  const reached = new Set([source]);
  for (const from of reached)
    for (const edge of edgesFrom(from)) if (edge.runtime) reached.add(edge.to);
  return reached;
}

/** All that is reached, dependencies first, the source last: depth first without recursion, neighbors in byte order. */
export function dependenciesFirst(
  edges: readonly DirectoryEdge[],
  source: WorkspacePath,
): readonly WorkspacePath[] {
  const edgesFrom = byOrigin(edges);
  const sorted: WorkspacePath[] = [];
  const met = new Set([source]);
  const targets = (from: string): WorkspacePath[] =>
    edgesFrom(from)
      .map(({ to }) => to)
      .sort(compareText);
  const pending = [{ directory: source, next: targets(source) }];
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    const target = top.next.shift();
    if (target === undefined) {
      sorted.push(top.directory);
      pending.pop();
    } else if (!met.has(target)) {
      met.add(target);
      pending.push({ directory: target, next: targets(target) });
    }
  }
  return sorted;
}
