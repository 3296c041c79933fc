import { edgesOf, resolveName, type LockEdge, type LockEntry } from './package-lock.js';

interface Hop {
  readonly to: string;
  readonly dev: boolean;
  readonly optional: boolean;
  readonly peer: boolean;
}

export type Flags = Readonly<Partial<Record<'dev' | 'optional' | 'devOptional' | 'peer', true>>>;

/**
 * The flags of every entry as npm computes them: an entry is `dev` when every way to it from the root has a
 * development edge, and so on; `devOptional` when only ways of either kind lead to it, but not of one kind alone.
 */
export function flagsOf(entries: ReadonlyMap<string, LockEntry>): (key: string) => Flags {
  const hops = new Map([...entries].map(([key, entry]) => [key, hopsOf(entries, key, entry)]));
  const production = reachable(hops, ({ dev }) => !dev);
  const required = reachable(hops, ({ optional }) => !optional);
  const plain = reachable(hops, ({ dev, optional }) => !dev && !optional);
  const direct = reachable(hops, ({ peer }) => !peer);
  return (key) => {
    const dev = !production.has(key);
    const optional = !required.has(key);
    const devOptional = !dev && !optional && !plain.has(key);
    return {
      ...(dev ? { dev } : {}),
      ...(optional ? { optional } : {}),
      ...(devOptional ? { devOptional } : {}),
      ...(direct.has(key) ? {} : { peer: true }),
    };
  };
}

function reachable(
  hops: ReadonlyMap<string, readonly Hop[]>,
  counts: (hop: Hop) => boolean,
): ReadonlySet<string> {
  const reached = new Set(['']);
  for (const key of reached)
    for (const hop of hops.get(key) ?? []) if (counts(hop)) reached.add(hop.to);
  return reached;
}

function hopsOf(
  entries: ReadonlyMap<string, LockEntry>,
  key: string,
  entry: LockEntry,
): readonly Hop[] {
  const plain = (to: string): Hop => ({ to, dev: false, optional: false, peer: false });
  if (entry.link === true) return [plain(entry.resolved ?? '')];
  const hops = edgesOf(key, entry).flatMap((edge) => hopOf(entries, key, edge));
  return key === '' ? [...hops, ...workspaceLinks(entries, entry).map(plain)] : hops;
}

function hopOf(
  entries: ReadonlyMap<string, LockEntry>,
  from: string,
  edge: LockEdge,
): readonly Hop[] {
  const to = resolveName(entries, from, edge.name);
  if (to === undefined) return [];
  const { key, optional } = edge;
  return [{ to, optional, dev: key === 'devDependencies', peer: key === 'peerDependencies' }];
}

/** The links from the root to the members of its workspace. */
function workspaceLinks(
  entries: ReadonlyMap<string, LockEntry>,
  root: LockEntry,
): readonly string[] {
  const members = new Set(Array.isArray(root['workspaces']) ? root['workspaces'] : []);
  return [...entries].flatMap(([key, { link, resolved }]) =>
    link === true && members.has(resolved) ? [key] : [],
  );
}
