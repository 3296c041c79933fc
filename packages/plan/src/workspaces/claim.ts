import { directoriesAbove, relativeTo, type WorkspacePath } from '@nx-nixpack/base';
import type { SourceTree } from '../source/source-tree.js';
import type { Ecosystem, Membership } from './ecosystem.js';
import { joinDirectories } from './workspace-path.js';

/** A workspace that claims a source. */
export interface Claim extends Membership {
  readonly ecosystem: Ecosystem;
  /** The file that makes the source a member. */
  readonly path: string;
}

/** The workspace that claims the source: the nearest one, the first of the list when there are two at one place. */
export function findClaim(
  tree: SourceTree,
  source: WorkspacePath,
  ecosystems: readonly Ecosystem[],
): Claim | undefined {
  const possible = possibleOwners(tree, source, ecosystems);
  for (const root of directoriesAbove(source)) {
    const place = { at: root, source, directory: relativeTo(root, source) };
    for (const ecosystem of possible) {
      const path = ecosystem.claim(tree, place);
      if (path !== undefined) return { ecosystem, source, root, path };
    }
  }
  return undefined;
}

/** The ecosystems that could claim the source, by the manifests that it has. */
export const possibleOwners = (
  tree: SourceTree,
  source: string,
  ecosystems: readonly Ecosystem[],
): readonly Ecosystem[] => {
  const names = [...new Set(ecosystems.map(({ manifest }) => manifest))];
  const there = new Set(names.filter((name) => tree.has(joinDirectories(source, name))));
  return ecosystems.filter(({ manifest }) => there.has(manifest));
};
