import {
  isObject,
  type JsonObject,
  parentOf,
  workspacePath,
  type WorkspacePath,
} from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import { packageOf, type Aliases } from './imports.js';
import { readConfig } from './tsconfig-file.js';
import { joinDirectories, leavesRoot } from '../workspace-path.js';

/** What the TypeScript configuration files of one directory need from elsewhere. */
export interface TsconfigNeeds {
  /** Files that are extended, with the file that extends them. */
  readonly extended: ReadonlyMap<WorkspacePath, string>;
  /** Everywhere that the compiler looks for extended files, whether or not something lies there. */
  readonly candidates: readonly string[];
  /** Directories of project references, with the file that names them. */
  readonly references: ReadonlyMap<string, string>;
  /** `paths`, the nearest configuration's first. */
  readonly aliases: ReadonlySet<Aliases>;
  /** Packages that are named: extended ones, `types`, plug-ins. */
  readonly packages: ReadonlySet<string>;
  /** True when some configuration names no `types`, so that the compiler takes every @types package it finds. */
  readonly takesAllTypes: boolean;
}

interface Collected {
  readonly aliases: Set<Aliases>;
  readonly candidates: string[];
  readonly extended: Map<WorkspacePath, string>;
  readonly references: Map<string, string>;
  readonly packages: Set<string>;
}

/** Reads every `tsconfig*.json` of a directory and what it extends. Unreadable ones are left to the compiler. */
export function tsconfigNeeds(tree: SourceTree, directory: string): TsconfigNeeds {
  const collected: Collected = {
    aliases: new Set(),
    candidates: [],
    extended: new Map(),
    references: new Map(),
    packages: new Set(),
  };
  const names = tree.isDirectory(directory) || directory === '' ? childrenOf(tree, directory) : [];
  let takesAllTypes = false;
  for (const name of names.filter((each) => /^tsconfig.*\.json$/.test(each))) {
    const namesTypes = follow(tree, joinDirectories(directory, name), collected);
    takesAllTypes ||= !namesTypes;
  }
  return { ...collected, takesAllTypes };
}

const childrenOf = (tree: SourceTree, directory: string): readonly string[] =>
  directory === '' ? tree.children : tree.subtree(directory).children;

/** Follows `extends` from one file on; answers whether `types` is given somewhere. */
function follow(tree: SourceTree, start: string, collected: Collected): boolean {
  const seen = new Set<string>([start]);
  const written: { config: JsonObject; path: string }[] = [];
  let base: string | undefined;
  let namesTypes = false;
  for (const path of seen) {
    const config = readConfig(tree, path);
    if (config === undefined) continue;
    // Project references are not inherited.
    if (path === start) collectReferences(config, path, collected);
    namesTypes = collectPackages(config, collected) || namesTypes;
    base ??= baseUrlOf(config, path);
    written.push({ config, path });
    for (const extended of basesOf(tree, config, path, collected)) {
      collected.extended.set(extended, path);
      seen.add(extended);
    }
  }
  for (const { config, path } of written) {
    const aliases = aliasesOf(config, base ?? parentOf(path));
    if (aliases !== undefined) collected.aliases.add(aliases);
  }
  return namesTypes;
}

const optionsOf = (config: JsonObject): JsonObject =>
  isObject(config['compilerOptions']) ? config['compilerOptions'] : {};

function baseUrlOf(config: JsonObject, path: string): string | undefined {
  const { baseUrl } = optionsOf(config);
  return typeof baseUrl === 'string' ? joinDirectories(parentOf(path), baseUrl) : undefined;
}

/** By configuration and the directory that they count from: all members extend one of the root. */
const knownAliases = new WeakMap<JsonObject, Map<string, Aliases>>();

function aliasesOf(config: JsonObject, base: string): Aliases | undefined {
  const { paths } = optionsOf(config);
  if (!isObject(paths)) return undefined;
  const known = knownAliases.get(paths) ?? new Map<string, Aliases>();
  knownAliases.set(paths, known);
  const aliases = known.get(base) ?? readAliases(paths, base);
  known.set(base, aliases);
  return aliases;
}

function readAliases(paths: JsonObject, base: string): Aliases {
  const all = Object.entries(paths).map(([pattern, targets]) => ({
    pattern,
    targets: texts(targets)
      .map((target) => joinDirectories(base, target))
      .filter((target) => !leavesRoot(target)),
  }));
  const exact = all.filter(({ pattern }) => !pattern.includes('*'));
  return {
    exact: new Map(exact.map(({ pattern, targets }) => [pattern, targets])),
    open: all.filter(({ pattern }) => pattern.includes('*')),
  };
}

function collectReferences(config: JsonObject, path: string, { references }: Collected): void {
  const list = Array.isArray(config['references']) ? config['references'] : [];
  for (const reference of list) {
    if (!isObject(reference) || typeof reference['path'] !== 'string') continue;
    const target = joinDirectories(parentOf(path), reference['path']);
    references.set(target.endsWith('.json') ? parentOf(target) : target, path);
  }
}

/** The files that a configuration extends; packages among them are collected. */
function basesOf(
  tree: SourceTree,
  config: JsonObject,
  path: string,
  { packages, candidates }: Collected,
): readonly WorkspacePath[] {
  const list = Array.isArray(config['extends']) ? config['extends'] : [config['extends']];
  return list.flatMap((written: unknown) => {
    if (typeof written !== 'string') return [];
    if (!/^\.\.?(?:\/|$)/.test(written)) {
      packages.add(packageOf(written));
      return [];
    }
    const base = joinDirectories(parentOf(path), written);
    if (leavesRoot(base)) return [];
    const places = [base, `${base}.json`, `${base}/tsconfig.json`];
    candidates.push(...places);
    const found = places.find((each) => tree.has(each));
    return found === undefined ? [] : (workspacePath(found) ?? []);
  });
}

/** Answers whether the configuration has `types` of its own. */
function collectPackages(config: JsonObject, { packages }: Collected): boolean {
  const options = optionsOf(config);
  const types = options['types'];
  for (const type of texts(types)) {
    packages.add(packageOf(type));
    packages.add(typesPackageOf(packageOf(type)));
  }
  const plugins = Array.isArray(options['plugins']) ? options['plugins'] : [];
  const named = plugins.flatMap((plugin: unknown) =>
    isObject(plugin) ? [plugin['name'], plugin['transform']] : [],
  );
  for (const name of texts([
    ...named,
    options['jsxImportSource'],
    options['importHelpers'] === true ? 'tslib' : '',
  ]))
    packages.add(packageOf(name));
  return Array.isArray(types);
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string' && each !== '')
    : [];

/** DefinitelyTyped's name for the types of a package. */
export const typesPackageOf = (name: string): string =>
  `@types/${name.startsWith('@') ? name.slice(1).replace('/', '__') : name}`;
