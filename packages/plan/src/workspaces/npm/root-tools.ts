import { baseName, isObject, type JsonObject } from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import { textsOf, type Manifest } from '../node/manifest.js';
import type { LockEntry } from './package-lock.js';
import { packageOf } from '../node/imports.js';
import { typesPackageOf, type TsconfigNeeds } from '../node/tsconfig.js';
import { joinDirectories } from '../workspace-path.js';

/** One directory of the closure, as the search for root tools sees it. */
export interface ToolUser {
  readonly directory: string;
  readonly manifest: Manifest | undefined;
  readonly tsconfig: TsconfigNeeds;
}

/** Scripts that no build runs, unless one that it may run names them. */
const NOT_BUILT =
  /^(?:pre|post)?(?:test|lint|format|fmt|e2e|dev|serve|watch|storybook|type-?check|check|cov|coverage|release|publish|version|deploy)(?:[:.-].*)?$/;
/** Configuration files of tools that no build runs. */
const NOT_BUILD_CONFIG =
  /^(?:\.?eslint|\.?prettier|jest|vitest|playwright|cypress|commitlint|lint-?staged|stylelint|\.?mocharc|ava|karma)/;
const CONFIG_FILE = /(?:\.config|^\.[a-z]+rc)\.(?:js|cjs|mjs|ts|cts|mts)$/;
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s{0,20}\(?\s{0,20}['"]([^'"\n]{1,300})['"]/g;

/**
 * The development dependencies of the root that the closure uses without declaring them: their programs are called by
 * scripts, or they are named by TypeScript configurations or imported by configuration files. Too few fail the build
 * loudly; too many only rebuild once more.
 */
export function rootTools(
  tree: SourceTree,
  root: Manifest,
  entries: ReadonlyMap<string, LockEntry>,
  users: readonly ToolUser[],
): ReadonlySet<string> {
  const names = [...textsOf(root.content['devDependencies']).keys()];
  const words = new Set(users.flatMap(({ manifest }) => scriptWords(manifest)));
  const packages = new Set(users.flatMap((user) => namedPackages(tree, user)));
  return new Set(
    names.filter(
      (name) =>
        packages.has(name) ||
        words.has(`node_modules/${name}`) ||
        programsOf(name, entries.get(`node_modules/${name}`)).some((program) => words.has(program)),
    ),
  );
}

function programsOf(name: string, entry: LockEntry | undefined): readonly string[] {
  const bin = entry?.['bin'];
  if (isObject(bin)) return Object.keys(bin);
  return typeof bin === 'string' ? [baseName(name)] : [];
}

/** The words of all scripts that a build may run: programs by name, packages by their path. */
function scriptWords(manifest: Manifest | undefined): readonly string[] {
  const scripts = manifest?.scripts ?? new Map<string, string>();
  const run = new Set([...scripts.keys()].filter((name) => !NOT_BUILT.test(name)));
  const words = new Set<string>();
  for (const name of run) {
    for (const word of wordsOf(scripts.get(name) ?? '')) {
      words.add(word);
      if (scripts.has(word)) run.add(word);
    }
  }
  return [...words];
}

function wordsOf(script: string): readonly string[] {
  return script
    .split(/[\s;&|()'"`=<>{}]+/)
    .flatMap((word) => [word, baseName(word), pathPackage(word)]);
}

/** `../node_modules/typescript/bin/tsc` as `node_modules/typescript`. */
function pathPackage(word: string): string {
  const at = word.lastIndexOf('node_modules/');
  return at === -1 ? '' : `node_modules/${packageOf(word.slice(at + 'node_modules/'.length))}`;
}

function namedPackages(tree: SourceTree, user: ToolUser): readonly string[] {
  const types = user.tsconfig.takesAllTypes ? typesOfDeclared(user.manifest?.content ?? {}) : [];
  return [...user.tsconfig.packages, ...types, ...configImports(tree, user.directory)];
}

/** Without a list, the compiler takes all types; those of Node and of what is declared are what a source can use. */
function typesOfDeclared(content: JsonObject): readonly string[] {
  const declared = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const names = declared.flatMap((key) => [...textsOf(content[key]).keys()]);
  return ['node', ...names].map(typesPackageOf);
}

function configImports(tree: SourceTree, directory: string): readonly string[] {
  if (directory !== '' && !tree.isDirectory(directory)) return [];
  const names = directory === '' ? tree.children : tree.subtree(directory).children;
  return names
    .filter((name) => CONFIG_FILE.test(name) && !NOT_BUILD_CONFIG.test(name))
    .flatMap((name) => {
      const text = tree.read(joinDirectories(directory, name)) ?? '';
      return [...text.matchAll(IMPORT)].map((match) => packageOf(match[1] ?? ''));
    });
}
