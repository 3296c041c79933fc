import { builtinModules } from 'node:module';
import {
  compareText,
  isWithin,
  parentOf,
  relativeTo,
  type Position,
  type Problem,
} from '@nx-nixpack/base';
import { positionAt } from '@nx-nixpack/data';
import type { SourceTree } from '../../source/source-tree.js';
import type { Closure, ContextFile } from '../ecosystem.js';
import {
  aliasedFile,
  importsOf,
  isProgram,
  isScript,
  packageOf,
  type Aliases,
} from '../node/imports.js';
import { tsconfigNeeds } from '../node/tsconfig.js';
import { joinDirectories } from '../workspace-path.js';
import { parsePackageLock, readPackageLock, type PackageLock } from './package-lock.js';

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const BUILT_IN = new Set(builtinModules);
/** What nobody writes by hand is not searched. */
const MAX_SCRIPT_BYTES = 512 * 1024;

const mayImport = ({ path, size }: ContextFile): boolean =>
  isScript(path) && isProgram(path) && size <= MAX_SCRIPT_BYTES;

/** Where a file is imported from, and what is known about that directory. */
interface Importer {
  readonly directory: string;
  readonly aliases: ReadonlySet<Aliases>;
}

/**
 * What a source or a library imports although only the rest of the workspace brings it: packages that it does not
 * declare, and files that only an alias of TypeScript leads to. They work in the whole workspace and will be missing in
 * the image.
 */
export function undeclaredImports(
  tree: SourceTree,
  closure: Closure,
  files: readonly ContextFile[],
): readonly Problem[] {
  const isLost = lockComparison(tree, closure);
  const importers = importersOf(tree, closure);
  if (isLost === undefined && importers.every(({ aliases }) => aliases.size === 0)) return [];
  const built = new Set(files.map(({ path }) => path));
  const isLeftOut = (path: string): boolean =>
    !built.has(path) && !/(?:^|\/)node_modules\//.test(path);
  const problems = new Map<string, Problem>();
  for (const file of files.filter(mayImport).sort((a, b) => compareText(a.path, b.path))) {
    const importer = importers.find(({ directory }) => isWithin(file.path, directory));
    if (importer === undefined) continue;
    const { directory, aliases } = importer;
    const text = file.text();
    for (const { specifier, offset } of importsOf(text)) {
      const name = packageOf(specifier);
      const key = `${directory}\n${name}`;
      if (problems.has(key)) continue;
      const at = (): Position => positionAt(file.path, text, offset);
      if (isPackage(name) && isLost?.(directory, name) === true)
        problems.set(key, undeclared(at(), directory, name));
      const lost = aliasedFile(tree, aliases, specifier);
      if (!problems.has(key) && lost !== undefined && isLeftOut(lost))
        problems.set(key, leftOut(at(), specifier, lost));
    }
  }
  return [...problems.values()];
}

/** The deepest directory first. */
function importersOf(tree: SourceTree, { source, members }: Closure): readonly Importer[] {
  return [source, ...members.map(({ directory }) => directory)]
    .sort((a, b) => b.length - a.length)
    .map((directory) => ({ directory, aliases: tsconfigNeeds(tree, directory).aliases }));
}

const isPackage = (name: string): boolean => PACKAGE_NAME.test(name) && !BUILT_IN.has(name);

/** Whether a name is there in the whole workspace and not in the closure; undefined without lock files to compare. */
function lockComparison(
  tree: SourceTree,
  { root, derived }: Closure,
): ((directory: string, name: string) => boolean) | undefined {
  const path = joinDirectories(root, 'package-lock.json');
  const [pruned, original] = [derived().get(path), tree.read(path)];
  if (pruned === undefined || original === undefined) return undefined;
  const whole = parsePackageLock(path, original);
  const kept = readPackageLock(path, Buffer.from(pruned).toString('utf8'));
  const has = (lock: PackageLock, directory: string, name: string): boolean =>
    lock.find(relativeTo(root, directory), name) !== undefined;
  return (directory, name) => !has(kept, directory, name) && has(whole, directory, name);
}

const undeclared = (at: Position, directory: string, name: string): Problem => ({
  code: 'WORKSPACE_UNDECLARED',
  message: `${at.file} imports ${name}, which ${directory}/package.json does not declare; only the rest of the workspace brings it, so it is missing in the image`,
  hint: `Declare ${name} in ${directory}/package.json and run \`npm install\` at the root.`,
  at,
});

const leftOut = (at: Position, specifier: string, file: string): Problem => ({
  code: 'WORKSPACE_UNDECLARED',
  message: `${at.file} imports ${specifier}, which leads to ${file} by the \`paths\` of a tsconfig; that file is not part of the build`,
  hint: `Declare the library as a dependency, or name it in \`include\`, such as \`${parentOf(file)}/**\`.`,
  at,
});
