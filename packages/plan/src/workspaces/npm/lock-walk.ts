import {
  edgesOf,
  isLocal,
  type LockEdge,
  type LockEntry,
  type PackageLock,
} from './package-lock.js';

/** An edge whose name the lock file does not know, seen from a place. */
export interface MissingEdge {
  readonly from: string;
  readonly edge: LockEdge;
}

/** A dependency on a directory of the workspace. */
export interface LocalEdge {
  readonly from: string;
  readonly to: string;
  readonly edge: LockEdge;
}

/**
 * What is reached in a lock file: the walk is Node's resolution in the key space of the lock, where a key is a place
 * on disk. Keys are kept as they are, so nothing is resolved or hoisted again.
 */
export class LockWalk {
  readonly kept = new Set<string>();
  readonly missing: MissingEdge[] = [];
  readonly locals: LocalEdge[] = [];
  readonly #lock: PackageLock;

  constructor(lock: PackageLock) {
    this.#lock = lock;
  }

  /** Keeps a place and everything that is installed for it. */
  reach(start: string): void {
    const pending = [start];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      const entry = this.#lock.entries.get(key);
      if (entry === undefined || this.kept.has(key)) continue;
      this.kept.add(key);
      if (entry.link === true) pending.push(entry.resolved ?? '');
      else pending.push(...this.#bundled(key, entry), ...this.#targets(key, entry));
    }
  }

  /** Keeps what one name of the root resolves to. */
  reachFromRoot(edge: LockEdge): void {
    const key = this.#target('', edge);
    if (key !== undefined) this.reach(key);
  }

  #targets(key: string, entry: LockEntry): readonly string[] {
    return edgesOf(key, entry).flatMap((edge) => this.#target(key, edge) ?? []);
  }

  #target(from: string, edge: LockEdge): string | undefined {
    // An optional peer is there only when somebody else brings it.
    if (edge.key === 'peerDependencies' && edge.optional) return undefined;
    const target = this.#lock.find(from, edge.name);
    if (target === undefined) {
      // With legacy-peer-deps npm leaves peers out of the lock.
      if (!edge.optional && edge.key !== 'peerDependencies') this.missing.push({ from, edge });
      return undefined;
    }
    const entry = this.#lock.entries.get(target);
    if (entry?.link === true && isLocal(from))
      this.locals.push({ from, to: entry.resolved ?? '', edge });
    return target;
  }

  /** What a package brings in its own archive belongs to it, whether or not an edge leads there. */
  #bundled(key: string, entry: LockEntry): readonly string[] {
    if (entry['bundleDependencies'] === undefined) return [];
    const below = `${key}/node_modules/`;
    return [...this.#lock.entries].flatMap(([each, { inBundle }]) =>
      inBundle === true && each.startsWith(below) ? [each] : [],
    );
  }
}
