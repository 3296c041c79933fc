import { builtinModules } from 'node:module';
import { compareText, isWithin, relativeTo, type Position, type Problem } from '@nx-nixpack/base';
import { positionAt } from '@nx-nixpack/data';
import type { SourceTree } from '../../source/source-tree.js';
import type { ContextFile } from '../ecosystem.js';
import type { Closure } from '../model.js';
import {
  parsePackageLock,
  readPackageLock,
  resolveName,
  type PackageLock,
} from './package-lock.js';
import { packageOf } from '../node/tsconfig.js';
import { joinDirectories } from '../workspace-path.js';

const SCRIPT = /\.[cm]?[jt]sx?$/;
/** Files that no build needs to resolve. */
const NOT_BUILT =
  /(?:\.(?:spec|test|stories|config|d)\.[cm]?[jt]sx?$)|(?:^|\/)(?:__tests__|__mocks__|e2e)\//;
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s{0,20}\(?\s{0,20}(['"])([^'"\n]{1,300})\1/g;
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const BUILT_IN = new Set(builtinModules);

/** What nobody writes by hand is not searched. */
const MAX_SCRIPT_BYTES = 512 * 1024;

const mayImport = ({ path, size }: ContextFile): boolean =>
  SCRIPT.test(path) && !NOT_BUILT.test(path) && size <= MAX_SCRIPT_BYTES;

/**
 * Packages that a source or a library imports without declaring them, and which are there only because something
 * outside of the closure brings them: they work in the whole workspace and will be missing in the image.
 */
export function undeclaredImports(
  workspace: SourceTree,
  closure: Closure,
  files: readonly ContextFile[],
): readonly Problem[] {
  const lockPath = joinDirectories(closure.root, 'package-lock.json');
  const derived = closure.derived.get(lockPath);
  const original = workspace.read(lockPath);
  if (derived === undefined || original === undefined) return [];
  const whole = parsePackageLock(lockPath, original);
  const pruned = readPackageLock(lockPath, Buffer.from(derived).toString('utf8'));
  const directories = [closure.source, ...closure.members.map(({ directory }) => directory)];
  const problems = new Map<string, Problem>();
  for (const file of files.filter(mayImport).sort((a, b) => compareText(a.path, b.path))) {
    const directory = directories
      .filter((each) => isWithin(file.path, each))
      .sort((a, b) => b.length - a.length)[0];
    if (directory === undefined) continue;
    const from = relativeTo(closure.root, directory);
    const text = file.text();
    for (const { name, offset } of importsOf(text)) {
      const key = `${directory}\n${name}`;
      if (problems.has(key) || !isLost(whole, pruned, from, name)) continue;
      problems.set(key, undeclared(positionAt(file.path, text, offset), directory, name));
    }
  }
  return [...problems.values()];
}

function* importsOf(text: string): Generator<{ name: string; offset: number }> {
  for (const match of text.matchAll(IMPORT)) {
    const name = packageOf(match[2] ?? '');
    if (PACKAGE_NAME.test(name) && !BUILT_IN.has(name)) yield { name, offset: match.index };
  }
}

/** There in the whole workspace, not in the closure. */
const isLost = (whole: PackageLock, pruned: PackageLock, from: string, name: string): boolean =>
  resolveName(pruned.entries, from, name) === undefined &&
  resolveName(whole.entries, from, name) !== undefined;

const undeclared = (at: Position, directory: string, name: string): Problem => ({
  code: 'WORKSPACE_UNDECLARED',
  message: `${at.file} imports ${name}, which ${directory}/package.json does not declare; only the rest of the workspace brings it, so it is missing in the image`,
  hint: `Declare ${name} in ${directory}/package.json and run \`npm install\` at the root`,
  at,
});
