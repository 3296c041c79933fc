/** `from` waits for `to`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** Nodes in waves: each waits only for nodes of earlier waves. Order within a wave is that of `ids`; what stands in or behind a cycle is left out. */
export function waves(ids: readonly string[], edges: readonly GraphEdge[]): readonly string[][] {
  const known = new Set(ids);
  const waiting = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]));
  for (const { from, to } of edges) if (known.has(to)) waiting.get(from)?.add(to);
  const behind = groupBy(edges, ({ to }) => to);
  const order = new Map(ids.map((id, index) => [id, index]));
  const found: string[][] = [];
  let wave = ids.filter((id) => waiting.get(id)?.size === 0);
  while (wave.length > 0) {
    found.push(wave);
    const freed = wave.flatMap((done) => release(done, behind.get(done) ?? [], waiting));
    wave = freed.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  }
  return found;
}

function release(
  done: string,
  edges: readonly GraphEdge[],
  waiting: ReadonlyMap<string, Set<string>>,
): string[] {
  const freed = edges.filter(({ from }) => {
    const left = waiting.get(from);
    return left?.delete(done) === true && left.size === 0;
  });
  return freed.map(({ from }) => from);
}

/**
 * Cycles, so that every edge that is part of one is part of a reported one. Each begins with its first edge in the order given;
 * for an edge the shortest cycle is taken. Cycles come in the order of their first edges.
 */
export function findCycles<E extends GraphEdge>(edges: readonly E[]): readonly (readonly E[])[] {
  const core = cyclicCore(edges);
  const leaving = groupBy(core, ({ from }) => from);
  const order = new Map(core.map((edge, index) => [edge, index]));
  const covered = new Set<E>();
  const cycles: E[][] = [];
  for (const edge of core) {
    if (covered.has(edge)) continue;
    const back = shortestPath(edge.to, edge.from, leaving);
    if (back === undefined) continue;
    const cycle = rotate([edge, ...back], (one) => order.get(one) ?? 0);
    for (const one of cycle) covered.add(one);
    cycles.push(cycle);
  }
  const first = ([edge]: readonly E[]): number => (edge ? (order.get(edge) ?? 0) : 0);
  return cycles.sort((a, b) => first(a) - first(b));
}

/** Drops, again and again, edges into nodes that wait for nothing: what is left holds all cycles, mostly nothing. */
function cyclicCore<E extends GraphEdge>(edges: readonly E[]): readonly E[] {
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const free = new Set(waves(ids, edges).flat());
  return edges.filter(({ from, to }) => !free.has(from) && !free.has(to));
}

function shortestPath<E extends GraphEdge>(
  start: string,
  end: string,
  leaving: ReadonlyMap<string, readonly E[]>,
): readonly E[] | undefined {
  const reachedBy = new Map<string, E>();
  const queue = [start];
  for (const node of queue) {
    if (node === end) return pathTo(start, end, reachedBy);
    for (const edge of leaving.get(node) ?? []) {
      if (edge.to === start || reachedBy.has(edge.to)) continue;
      reachedBy.set(edge.to, edge);
      queue.push(edge.to);
    }
  }
  return undefined;
}

function pathTo<E extends GraphEdge>(
  start: string,
  end: string,
  reachedBy: ReadonlyMap<string, E>,
): readonly E[] {
  const path: E[] = [];
  for (let node = end; node !== start;) {
    const edge = reachedBy.get(node);
    if (edge === undefined) throw new Error('a reached node has no edge to it');
    path.unshift(edge);
    node = edge.from;
  }
  return path;
}

function rotate<E>(cycle: readonly E[], order: (edge: E) => number): E[] {
  const ranks = cycle.map(order);
  const first = ranks.indexOf(Math.min(...ranks));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

function groupBy<E>(edges: readonly E[], key: (edge: E) => string): Map<string, E[]> {
  const groups = new Map<string, E[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group) group.push(edge);
    else groups.set(key(edge), [edge]);
  }
  return groups;
}
