import { memoryTree } from '@nx-nixpack/base';
import { sourceTree } from '@nx-nixpack/plan';
import { contextDigest } from './context-tree.js';
import type { SourceContext } from './source-context.js';

/** What a base is built from: no file at all. */
export function noSource(): SourceContext {
  const tree = memoryTree({});
  return {
    tree,
    digest: contextDigest([]),
    planTree: sourceTree(tree, { name: 'base' }),
    sourceDirectory: '',
    problems: [],
  };
}
