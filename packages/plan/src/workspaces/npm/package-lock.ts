import { isObject, type JsonObject, UserError } from '@nx-nixpack/base';
import { DEPENDENCY_KEYS, textsOf, type DependencyKey } from '../node/manifest.js';

/** One key of `packages`: a place on disk, relative to the lock file. */
export interface LockEntry extends JsonObject {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly extraneous?: boolean;
}

export interface PackageLock {
  readonly version: 2 | 3;
  readonly content: JsonObject;
  readonly entries: ReadonlyMap<string, LockEntry>;
  /** Directories of the workspace: the root's members and local folders, without the root. */
  readonly directories: ReadonlySet<string>;
  /** The key that Node would find for a name, seen from a place. */
  find(from: string, name: string): string | undefined;
  /** Links by the directory that they lead to. */
  readonly links: ReadonlyMap<string, readonly string[]>;
}

export interface LockEdge {
  readonly name: string;
  readonly spec: string;
  readonly key: DependencyKey;
  /** Nothing fails when it is absent. */
  readonly optional: boolean;
}

let latest: { readonly text: string; readonly lock: PackageLock } | undefined;

/**
 * Reads a package-lock.json of npm 7 or newer. The last one is kept, because all components of a workspace share it.
 * Throws UserError WORKSPACE_LOCK_UNSUPPORTED for any other version.
 */
export function parsePackageLock(path: string, text: string): PackageLock {
  if (latest?.text === text) return latest.lock;
  const lock = readPackageLock(path, text);
  latest = { text, lock };
  return lock;
}

export function readPackageLock(path: string, text: string): PackageLock {
  const content = attemptJson(text);
  const version = content?.['lockfileVersion'];
  const packages = content?.['packages'];
  if (content === undefined || !isObject(packages))
    throw unsupported(path, 'has no list of packages');
  if (version !== 2 && version !== 3)
    throw unsupported(path, `has lockfileVersion ${String(version)}`);
  const entries = Object.entries(packages).filter((each): each is [string, LockEntry] =>
    isObject(each[1]),
  );
  const keys = entries.map(([key]) => key);
  const byKey = new Map(entries);
  return {
    version,
    content,
    entries: byKey,
    find: finder(byKey),
    directories: new Set(keys.filter((key) => key !== '' && isLocal(key))),
    links: linksOf(entries),
  };
}

function linksOf(entries: readonly [string, LockEntry][]): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  for (const [key, { link, resolved }] of entries) {
    if (link !== true || resolved === undefined) continue;
    const known = links.get(resolved);
    if (known === undefined) links.set(resolved, [key]);
    else known.push(key);
  }
  return links;
}

function attemptJson(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const unsupported = (path: string, why: string): UserError =>
  new UserError({
    code: 'WORKSPACE_LOCK_UNSUPPORTED',
    message: `${path} ${why}; versions 2 and 3 can be pruned for one component`,
    hint: 'Run `npm install --lockfile-version 3` at its directory and commit the result.',
    at: { file: path, line: 1, column: 1 },
  });

/** Whether a key is a directory of the workspace: the root, a member or a local folder. */
export const isLocal = (key: string): boolean => !/(?:^|\/)node_modules\//.test(key);

/** All components of a workspace walk the same entries, and each of them several times. */
const knownEdges = new WeakMap<LockEntry, readonly LockEdge[]>();

/** What an entry depends on, a later kind replacing an earlier one, as npm loads them. */
export function edgesOf(key: string, entry: LockEntry): readonly LockEdge[] {
  const known = knownEdges.get(entry) ?? readEdges(key, entry);
  knownEdges.set(entry, known);
  return known;
}

function readEdges(key: string, entry: LockEntry): readonly LockEdge[] {
  const edges = new Map<string, LockEdge>();
  for (const kind of DEPENDENCY_KEYS) {
    // npm installs development dependencies of what it does not download.
    if (kind === 'devDependencies' && !isLocal(key)) continue;
    for (const [name, spec] of textsOf(entry[kind]))
      edges.set(name, { name, spec, key: kind, optional: isOptional(entry, kind, name) });
  }
  return [...edges.values()];
}

function isOptional(entry: LockEntry, kind: DependencyKey, name: string): boolean {
  if (kind === 'optionalDependencies') return true;
  const meta = kind === 'peerDependencies' ? entry['peerDependenciesMeta'] : undefined;
  const about = isObject(meta) ? meta[name] : undefined;
  return isObject(about) && about['optional'] === true;
}

/** The key that Node would find for a name, seen from a place: its own node_modules, then those above. */
export function resolveName(
  entries: ReadonlyMap<string, LockEntry>,
  from: string,
  name: string,
): string | undefined {
  for (let directory = from; directory !== '' && directory !== '..';) {
    const key = `${directory}/node_modules/${name}`;
    if (!isNodeModules(directory) && entries.has(key)) return key;
    const slash = directory.lastIndexOf('/');
    if (slash === -1) break;
    directory = directory.slice(0, slash);
  }
  const atRoot = `node_modules/${name}`;
  return !from.startsWith('..') && entries.has(atRoot) ? atRoot : undefined;
}

const isNodeModules = (directory: string): boolean =>
  directory === 'node_modules' || directory.endsWith('/node_modules');

/** The same for entries that many closures walk: each question is answered once. */
function finder(entries: ReadonlyMap<string, LockEntry>): PackageLock['find'] {
  const answers = new Map<string, Map<string, string | undefined>>();
  return (from, name) => {
    const known = answers.get(from) ?? new Map<string, string | undefined>();
    answers.set(from, known);
    if (!known.has(name)) known.set(name, resolveName(entries, from, name));
    return known.get(name);
  };
}
