import { posix } from 'node:path';
import {
  compareText,
  directoriesAbove,
  isWithin,
  relativeTo,
  workspacePath,
  type Problem,
  type WorkspacePath,
} from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import type { LockWalk } from './lock-walk.js';
import { onlyTestsImport, scriptsBelow } from '../node/imports.js';
import { readManifest, type Manifest } from '../node/manifest.js';
import {
  byOrigin,
  dependenciesFirst,
  reachedAtRuntime,
  type DirectoryEdge,
} from '../member-order.js';
import type { Edge, Member } from '../model.js';
import type { PackageLock } from './package-lock.js';
import { tsconfigNeeds, type TsconfigNeeds } from '../node/tsconfig.js';
import { resolveFrom } from '../workspace-path.js';

/** A directory of the closure; the source is one of them. Paths are relative to the workspace root. */
export interface ClosureDirectory {
  readonly directory: WorkspacePath;
  /** Its key in the lock file; undefined for a directory that npm does not know. */
  readonly key: string | undefined;
  readonly manifest: Manifest | undefined;
  readonly tsconfig: TsconfigNeeds;
}

export interface FoundMembers {
  /** In the order in which they were met, the source first. */
  readonly directories: ReadonlyMap<string, ClosureDirectory>;
  readonly edges: readonly DirectoryEdge[];
  readonly problems: readonly Problem[];
}

export interface MemberSearch {
  readonly source: WorkspacePath;
  readonly extraEdges: readonly Edge[];
  /** Reaches what the root itself contributes, given the directories so far. */
  readonly reachRoot: (found: Iterable<ClosureDirectory>) => void;
}

/** The directories that a source needs: by manifests through the lock file, by project references, by extra edges. */
export function findMembers(
  tree: SourceTree,
  root: WorkspacePath,
  lock: PackageLock,
  walk: LockWalk,
  { source, extraEdges, reachRoot }: MemberSearch,
): FoundMembers {
  const finder = new MemberFinder(tree, root, lock, walk);
  const extraFrom = byOrigin(extraEdges);
  finder.visit(source);
  // Each step may add directories, which an iterated map then meets too; the root's tools depend on all of them.
  const done = new Set<string>();
  while (done.size < finder.directories.size) {
    for (const { directory, tsconfig } of finder.directories.values()) {
      if (done.has(directory)) continue;
      done.add(directory);
      finder.followReferences(directory, tsconfig);
      finder.followExtra(directory, extraFrom(directory));
    }
    reachRoot(finder.directories.values());
    finder.followLocals();
  }
  return finder;
}

class MemberFinder implements FoundMembers {
  readonly directories = new Map<string, ClosureDirectory>();
  readonly edges: DirectoryEdge[] = [];
  readonly problems: Problem[] = [];
  readonly #tree: SourceTree;
  readonly #root: WorkspacePath;
  readonly #walk: LockWalk;
  readonly #lock: PackageLock;
  /** Of members, and of what extra edges lead to. */
  readonly #manifests = new Map<string, Manifest | undefined>();
  #followed = 0;

  constructor(tree: SourceTree, root: WorkspacePath, lock: PackageLock, walk: LockWalk) {
    this.#tree = tree;
    this.#root = root;
    this.#walk = walk;
    this.#lock = lock;
  }

  visit(directory: WorkspacePath): void {
    if (this.directories.has(directory)) return;
    const key = this.#keyOf(directory);
    const manifest = this.#manifestOf(directory);
    const tsconfig = tsconfigNeeds(this.#tree, directory);
    this.directories.set(directory, { directory, key, manifest, tsconfig });
    if (key !== undefined) this.#walk.reach(key);
    this.followLocals();
  }

  /** What the walk through the lock file has met since the last time. */
  followLocals(): void {
    while (this.#followed < this.#walk.locals.length) {
      const local = this.#walk.locals[this.#followed++];
      if (local === undefined) continue;
      const from = resolveFrom(this.#root, local.from);
      const to = resolveFrom(this.#root, local.to);
      const { key, name, spec } = local.edge;
      if (from === undefined || to === undefined)
        this.problems.push(outside(from ?? local.from, name, spec));
      else
        this.#connect({
          from,
          to,
          why: `${key} of ${from || 'the root'}`,
          runtime: key !== 'devDependencies',
        });
    }
  }

  followReferences(from: WorkspacePath, { references }: TsconfigNeeds): void {
    for (const [written, file] of references) {
      const path = workspacePath(written);
      // A reference inside of the directory itself belongs to it already.
      if (path === undefined || isWithin(path, from)) continue;
      const to = this.#owner(path);
      if (isWithin(from, to)) continue;
      this.#connect({ from, to, why: `referenced by ${file}`, runtime: false });
    }
  }

  followExtra(from: WorkspacePath, extraEdges: readonly Edge[]): void {
    if (extraEdges.length === 0) return;
    const own = [...extraEdges].sort((a, b) => compareText(a.to, b.to));
    const scripts = scriptsBelow(this.#tree, from);
    const aliases = this.directories.get(from)?.tsconfig.aliases ?? [];
    for (const { to: written, why } of own) {
      const to = workspacePath(written);
      if (to === undefined || isWithin(from, to) || !this.#tree.isDirectory(to)) continue;
      const name = this.#manifestOf(to)?.name;
      // What tests alone import is not part of the build, unless a manifest brings it all the same.
      if (onlyTestsImport(this.#tree, scripts, aliases, { directory: to, name })) continue;
      this.#connect({ from, to: this.#owner(to), why, runtime: true });
    }
  }

  #manifestOf(directory: string): Manifest | undefined {
    const known = this.#manifests.get(directory);
    if (known !== undefined || this.#manifests.has(directory)) return known;
    const manifest = readManifest(this.#tree, directory);
    this.#manifests.set(directory, manifest);
    return manifest;
  }

  #connect(edge: DirectoryEdge): void {
    if (edge.from === edge.to) return;
    this.edges.push(edge);
    this.visit(edge.to);
  }

  /** The member that holds a path; the path itself when no member does. */
  #owner(path: WorkspacePath): WorkspacePath {
    const holders = [path, ...directoriesAbove(path)];
    return holders.find((each) => this.#keyOf(each) !== undefined) ?? path;
  }

  /** The lock's key of a directory of the workspace. */
  #keyOf(directory: string): string | undefined {
    const key = isWithin(directory, this.#root)
      ? relativeTo(this.#root, directory)
      : posix.relative(this.#root, directory);
    return this.#lock.directories.has(key) ? key : undefined;
  }
}

const outside = (from: string, name: string, spec: string): Problem => ({
  code: 'WORKSPACE_OUTSIDE',
  message: `${from || 'the root'} depends on ${name} at ${spec}, which lies outside of the workspace`,
  hint: 'Move it into the workspace, or publish it and depend on a version.',
});

/** The members, dependencies first; directories that depend on each other keep the order of their names. */
export function sortMembers(
  found: FoundMembers,
  source: WorkspacePath,
  workspaceDirectories: ReadonlySet<string>,
): readonly Member[] {
  const runtime = reachedAtRuntime(found.edges, source);
  // The first edge to a directory says why: of repeated keys a map keeps the last.
  const reasons = new Map(found.edges.toReversed().map(({ to, why }) => [to, why]));
  return dependenciesFirst(found.edges, source)
    .filter((directory) => directory !== source)
    .map((directory) => {
      const manifest = found.directories.get(directory)?.manifest;
      return {
        directory,
        name: manifest?.name ?? directory,
        why: reasons.get(directory) ?? '',
        runtime: runtime.has(directory),
        kind: workspaceDirectories.has(directory) ? 'workspace' : 'directory',
        builds: manifest?.scripts.has('build') ?? false,
      };
    });
}
