import { directoriesAbove, globOf, UserError, type WorkspacePath } from '@nx-nixpack/base';
import type { SourceTree } from '../source/source-tree.js';
import { possibleOwners } from './claim.js';
import { closure, WORKSPACES } from './index.js';
import { joinDirectories } from './workspace-path.js';

export interface WatchedSource {
  readonly source: WorkspacePath;
  readonly workspace: 'auto' | 'off' | 'whole';
}

const ALL = '**/*';

/**
 * Globs of what besides the source whose change may change what belongs to the build, as far as manifests say; files
 * that are absent now and would count are named too. Wider than the truth is harmless. Never throws for what a user wrote:
 * while something does not fit together, every file may mend it.
 */
export function watchedPaths(
  tree: SourceTree,
  { source, workspace }: WatchedSource,
  ecosystems = WORKSPACES,
): readonly string[] {
  if (workspace === 'whole') return [ALL];
  if (workspace === 'off') return ignoreFiles([source]);
  const above = [...directoriesAbove(source)];
  const names = possibleOwners(tree, source, ecosystems).flatMap(({ decidedBy }) => decidedBy);
  const claims = above.flatMap((at) => names.map((name) => joinDirectories(at, name)));
  try {
    const found = closure(tree, source, [], ecosystems);
    const members = found?.members.map(({ directory }) => directory) ?? [];
    const rootFiles = found?.rootFiles.map(({ path }) => path) ?? [];
    const shared = found?.ecosystem?.shared.map((name) => joinDirectories(found.root, name)) ?? [];
    const all = [
      ...claims.map(globOf),
      ...members.map((directory) => joinDirectories(globOf(directory), ALL)),
      ...[...shared, ...rootFiles].map(globOf),
      ...(found?.watched ?? []),
      ...ignoreFiles([source, ...members, ...rootFiles]),
    ];
    return [...new Set(all)];
  } catch (error) {
    if (error instanceof UserError) return [ALL];
    throw error;
  }
}

/** The files above that say what git ignores below: an ignored file is no part of a build. */
const ignoreFiles = (paths: readonly string[]): readonly string[] =>
  paths
    .flatMap((path) => [...directoriesAbove(path)])
    .map((directory) => joinDirectories(globOf(directory), '.gitignore'));
