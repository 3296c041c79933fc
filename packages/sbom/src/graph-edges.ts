import { compareText } from '@nx-nixpack/base';
import type { Package, PackageEdge } from './package-graph.js';

const STRENGTH: readonly PackageEdge['kind'][] = ['runtime', 'peer', 'optional', 'contains'];

/** Edges between ids instead of keys: one for each pair, its strongest kind; none to itself. `from` may already be an id. */
export function strongest(
  edges: readonly PackageEdge[],
  ids: ReadonlyMap<string, string>,
): PackageEdge[] {
  const kept = new Map<string, PackageEdge>();
  for (const edge of edges) {
    const from = ids.get(edge.from) ?? edge.from;
    const to = ids.get(edge.to) ?? edge.to;
    const known = kept.get(`${from}\n${to}`);
    const stronger =
      known === undefined || STRENGTH.indexOf(edge.kind) < STRENGTH.indexOf(known.kind);
    if (from !== to && stronger) kept.set(`${from}\n${to}`, { from, to, kind: edge.kind });
  }
  return [...kept.values()];
}

/**
 * Adds what makes every package reachable from the subject: what the application asks for, then a `contains` edge
 * to each package that nothing else leads to. Sorted by both ends.
 */
export function connect(
  subject: string,
  packages: readonly Package[],
  edges: readonly PackageEdge[],
  rootDependencies: readonly PackageEdge[],
): PackageEdge[] {
  const targets = targetsOf([...rootDependencies, ...edges]);
  const wanted = new Set(edges.map((edge) => edge.to));
  const reached = new Set<string>();
  const added: PackageEdge[] = [];
  const contain = (id: string): void => {
    added.push({ from: subject, to: id, kind: 'contains' });
    reach(id, targets, reached);
  };
  reach(subject, targets, reached);
  const ids = packages.map((one) => one.id);
  for (const id of ids) if (!reached.has(id) && !wanted.has(id)) contain(id);
  // What is left are cycles that nothing leads into.
  for (const id of ids) if (!reached.has(id)) contain(id);
  return [...edges, ...rootDependencies, ...added].sort(
    (a, b) => compareText(a.from, b.from) || compareText(a.to, b.to),
  );
}

function targetsOf(edges: readonly PackageEdge[]): Map<string, string[]> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = targets.get(from);
    if (known) known.push(to);
    else targets.set(from, [to]);
  }
  return targets;
}

function reach(
  start: string,
  targets: ReadonlyMap<string, readonly string[]>,
  reached: Set<string>,
): void {
  const pending = [start];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    pending.push(...(targets.get(id) ?? []));
  }
}
