import { memberOf, type DataNode } from '@nx-nixpack/data';
import { ifReadable } from '../source/in-file.js';
import type { SourceTree } from '../source/source-tree.js';
import { claims } from './member-globs.js';

/** What a file holds; undefined when it is absent or malformed, which its own tool will say better. */
export function dataAt(
  tree: SourceTree,
  path: string,
  parse: (text: string) => DataNode,
): DataNode | undefined {
  const text = tree.read(path);
  return text === undefined ? undefined : ifReadable(() => parse(text));
}

/** The scalars of a list as texts; empty for anything else. */
export function textsAt(node: DataNode | undefined, key: string): readonly string[] {
  const list = memberOf(node, key);
  if (list?.kind !== 'list') return [];
  return list.items.flatMap(({ ...item }) => ('value' in item ? [String(item.value)] : []));
}

/** Whether `members` names the directory and `exclude` does not. */
export const namesMember = (workspace: DataNode | undefined, directory: string): boolean =>
  claims(textsAt(workspace, 'members'), directory) &&
  !claims(textsAt(workspace, 'exclude'), directory);
