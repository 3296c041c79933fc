import { compareText, isObject, type JsonObject } from '@nx-nixpack/base';
import { flagsOf } from './lock-flags.js';
import type { LockWalk } from './lock-walk.js';
import { DEPENDENCY_KEYS, textsOf, type DependencyKey, type Manifest } from '../node/manifest.js';
import { edgesOf, resolveName, type LockEntry, type PackageLock } from './package-lock.js';

/** What the root keeps of its own dependencies: names by key. */
export type RootDependencies = ReadonlyMap<DependencyKey, ReadonlySet<string>>;

export interface DerivedRoot {
  readonly manifest: JsonObject;
  readonly lock: JsonObject;
}

const FLAGS = ['dev', 'optional', 'devOptional', 'peer', 'extraneous'] as const;
/** What steers npm and Node at the root; scripts, version and what describes the project stay behind. */
const KEPT_FIELDS = [
  'name',
  'type',
  'packageManager',
  'engines',
  'devEngines',
  'allowScripts',
] as const;

/** The root package.json and package-lock.json for the kept part of a workspace. */
export function deriveRoot(
  manifest: Manifest,
  lock: PackageLock,
  walk: LockWalk,
  members: readonly string[],
  kept: RootDependencies,
  scripts?: Readonly<Record<string, string>>,
): DerivedRoot {
  const dependencies = keptDependencies(manifest.content, kept);
  const workspaces = [...members].sort(compareText);
  const fields = pick(manifest.content, KEPT_FIELDS);
  const overrides = keptOverrides(manifest.content, lock, walk.kept);
  const derivedManifest = {
    ...fields,
    private: true,
    workspaces,
    ...(scripts === undefined ? {} : { scripts }),
    ...dependencies,
    ...overrides,
  };
  const rootEntry = {
    ...pick(manifest.content, ['name', 'engines']),
    ...(scripts === undefined ? {} : { hasInstallScript: true }),
    workspaces,
    ...dependencies,
  };
  return { manifest: derivedManifest, lock: prunedLock(lock, walk.kept, rootEntry) };
}

function pick(content: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => (content[field] === undefined ? [] : [[field, content[field]]])),
  );
}

function keptDependencies(content: JsonObject, kept: RootDependencies): JsonObject {
  const keys = [...DEPENDENCY_KEYS, 'peerDependenciesMeta'] as const;
  const fields = keys.map((key): [string, JsonObject] => {
    const names = kept.get(key === 'peerDependenciesMeta' ? 'peerDependencies' : key);
    const written = isObject(content[key]) ? Object.entries(content[key]) : [];
    return [key, Object.fromEntries(written.filter(([name]) => names?.has(name)))];
  });
  return Object.fromEntries(fields.filter(([, value]) => Object.keys(value).length > 0));
}

function prunedLock(
  lock: PackageLock,
  kept: ReadonlySet<string>,
  rootEntry: JsonObject,
): JsonObject {
  const keys = [...kept].filter((key) => key !== '').sort(compareText);
  const entries = new Map<string, LockEntry>([['', rootEntry]]);
  for (const key of keys) entries.set(key, lock.entries.get(key) ?? {});
  const flags = flagsOf(entries);
  const packages = keys.map((key): [string, JsonObject] => [
    key,
    {
      ...withoutFlags(entries.get(key) ?? {}),
      ...(entries.get(key)?.link === true ? {} : flags(key)),
    },
  ]);
  return {
    ...pick(rootEntry, ['name']),
    lockfileVersion: lock.version,
    requires: true,
    packages: Object.fromEntries([['', rootEntry], ...packages]),
  };
}

/** Entries without flags; all components of a workspace share most of them. */
const plainEntries = new WeakMap<LockEntry, JsonObject>();

function withoutFlags(entry: LockEntry): JsonObject {
  const known = plainEntries.get(entry) ?? readPlain(entry);
  plainEntries.set(entry, known);
  return known;
}

const readPlain = (entry: LockEntry): JsonObject =>
  Object.fromEntries(
    Object.entries(entry).filter(([field]) => !(FLAGS as readonly string[]).includes(field)),
  );

/** Overrides of packages that are kept; a reference to a root dependency (`$name`) is written out. */
function keptOverrides(
  content: JsonObject,
  lock: PackageLock,
  kept: ReadonlySet<string>,
): JsonObject {
  if (!isObject(content['overrides'])) return {};
  const names = keptNames(lock, kept);
  const chosen = Object.entries(content['overrides'])
    .filter(([key]) => names.has(nameOfOverride(key)))
    .map(([key, value]) => [key, withoutReferences(content, value)]);
  return chosen.length === 0 ? {} : { overrides: Object.fromEntries(chosen) as JsonObject };
}

function keptNames(lock: PackageLock, kept: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const key of kept) {
    names.add(key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length));
    const name = lock.entries.get(key)?.name;
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** `@scope/name@^1` is about `@scope/name`. */
const nameOfOverride = (key: string): string =>
  key.slice(0, Math.max(0, key.indexOf('@', 1))) || key;

function withoutReferences(content: JsonObject, value: unknown): unknown {
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, withoutReferences(content, each)]),
    );
  if (typeof value !== 'string' || !value.startsWith('$')) return value;
  const name = value.slice(1);
  const kinds = ['devDependencies', 'optionalDependencies', 'dependencies', 'peerDependencies'];
  return (
    kinds.map((kind) => textsOf(content[kind]).get(name)).find((spec) => spec !== undefined) ??
    value
  );
}

/**
 * Reads what was derived again and compares it with the original: the same entries at the same keys, and every edge
 * leads where it led. Anything else is a bug of the pruning, which must not reach an image.
 */
export function checkDerived(original: PackageLock, derived: PackageLock): void {
  for (const [key, entry] of derived.entries) {
    if (key === '') continue;
    const before = original.entries.get(key);
    for (const field of ['version', 'resolved', 'integrity', 'link'])
      if (before?.[field] !== entry[field])
        throw new Error(`derived lock: ${field} of ${key} differs`);
    if (entry.link === true && !derived.entries.has(entry.resolved ?? ''))
      throw new Error(`derived lock: ${key} leads nowhere`);
  }
  for (const [key, entry] of derived.entries) checkEdges(original, derived, key, entry);
}

function checkEdges(
  original: PackageLock,
  derived: PackageLock,
  key: string,
  entry: LockEntry,
): void {
  for (const { name, key: kind, optional } of edgesOf(key, entry)) {
    const now = resolveName(derived.entries, key, name);
    const before = original.find(key, name);
    const maybeAbsent = kind === 'peerDependencies' && optional;
    if (now !== before && !(maybeAbsent && now === undefined))
      throw new Error(
        `derived lock: ${name} of ${key || 'the root'} leads to ${String(now)}, not ${String(before)}`,
      );
  }
}
