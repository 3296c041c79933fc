import { isWithin, parentOf } from '@nx-nixpack/base';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';
import { joinDirectories } from '../workspace-path.js';

/** A module that a script names, by import, export or require. */
export interface Import {
  readonly specifier: string;
  readonly offset: number;
}

/** The `paths` of one TypeScript configuration; a workspace may have one for each library. */
export interface Aliases {
  /** Places by name. */
  readonly exact: ReadonlyMap<string, readonly string[]>;
  /** Those whose pattern has a `*`. */
  readonly open: readonly Alias[];
}

/** A pattern with one `*`, and places relative to the workspace root. */
export interface Alias {
  readonly pattern: string;
  readonly targets: readonly string[];
}

const SCRIPT = /\.[cm]?[jt]sx?$/;
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s{0,20}\(?\s{0,20}(['"])([^'"\n]{1,300})\1/g;
/** Files and folders that only tests, stories and end-to-end suites use. */
const TEST =
  /(?:\.(?:spec|test|stories)\.[cm]?[jt]sx?$)|(?:^|\/)(?:__tests__|__mocks__|e2e)\/|(?:^|\/)(?:jest|vitest|playwright|cypress)\.[\w.]*$/;
/** Configurations and declarations, which import what no program needs at run time. */
const NO_PROGRAM = /\.(?:config|d)\.[cm]?[jt]s$/;

export const isScript = (path: string): boolean => SCRIPT.test(path);
const isTest = (path: string): boolean => TEST.test(path);
export const isProgram = (path: string): boolean => !isTest(path) && !NO_PROGRAM.test(path);

export function* importsOf(text: string): Generator<Import> {
  for (const match of text.matchAll(IMPORT))
    yield { specifier: match[2] ?? '', offset: match.index };
}

/** The package that a module name belongs to: its first part, or two with a scope. */
export function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** The file of the workspace that a module name leads to over an alias; undefined when none does. */
export function aliasedFile(
  tree: SourceTree,
  aliases: Iterable<Aliases>,
  specifier: string,
): string | undefined {
  for (const { exact, open } of aliases) {
    const wider = open.flatMap((alias) => targetsOf(alias, specifier));
    const places = [...(exact.get(specifier) ?? []), ...wider].flatMap(placesOf);
    const place = places.find((each) => tree.has(each));
    if (place !== undefined) return place;
  }
  return undefined;
}

function targetsOf({ pattern, targets }: Alias, specifier: string): readonly string[] {
  const star = pattern.indexOf('*');
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits = specifier.startsWith(before) && specifier.endsWith(after);
  if (!fits || specifier.length < pattern.length - 1) return [];
  const middle = specifier.slice(star, specifier.length - after.length);
  return targets.map((target) => target.replace('*', () => middle));
}

const placesOf = (target: string): readonly string[] => [
  ...ENDINGS.map((ending) => target + ending),
  ...ENDINGS.slice(1).map((ending) => `${target}/index${ending}`),
  // What is emitted as .js lies there as .ts.
  ...(target.endsWith('.js') ? [`${target.slice(0, -'.js'.length)}.ts`] : []),
];

/** A script with the modules that it names. */
export interface ImportingScript {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly specifiers: readonly string[];
}

/** The scripts below a directory that git does not ignore, with what they import. */
export function scriptsBelow(tree: SourceTree, directory: string): readonly ImportingScript[] {
  const below = directory === '' ? tree : tree.subtree(directory);
  return below
    .files('**/*')
    .filter((path) => isScript(path) && !/(?:^|\/)node_modules\//.test(path))
    .map((path) => ({
      path: joinDirectories(directory, path),
      specifiers: [...importsOf(readIfText(below, path) ?? '')].map(({ specifier }) => specifier),
    }));
}

/** A directory that may be imported from. */
export interface ImportedDirectory {
  readonly directory: string;
  /** Of its package, if it is one. */
  readonly name: string | undefined;
}

/** Whether tests import from a directory, and nothing else of these scripts does. */
export function onlyTestsImport(
  tree: SourceTree,
  scripts: readonly ImportingScript[],
  aliases: Iterable<Aliases>,
  to: ImportedDirectory,
): boolean {
  const importing = scripts.filter(({ path, specifiers }) =>
    specifiers.some((specifier) => leadsTo(tree, aliases, path, specifier, to)),
  );
  return importing.length > 0 && importing.every(({ path }) => isTest(path));
}

function leadsTo(
  tree: SourceTree,
  aliases: Iterable<Aliases>,
  path: string,
  specifier: string,
  to: ImportedDirectory,
): boolean {
  if (/^\.\.?(?:\/|$)/.test(specifier))
    return isWithin(joinDirectories(parentOf(path), specifier), to.directory);
  if (to.name !== undefined && packageOf(specifier) === to.name) return true;
  const file = aliasedFile(tree, aliases, specifier);
  return file !== undefined && isWithin(file, to.directory);
}
