import type { DataNode } from '@nx-nixpack/data';
import {
  anything,
  flag,
  list,
  mapOf,
  optional,
  record,
  text,
  texts,
  type Shape,
} from '@nx-nixpack/data/first-fault';
import { edition, either, integer, wordOf } from './cargo-values.js';

/** `[lib]`, or one of `[[bin]]` and the like. */
export const product = record(
  {
    name: optional(text),
    path: optional(text),
    edition: optional(edition),
    'crate-type': optional(texts),
    'required-features': optional(texts),
    ...flags('test', 'doctest', 'bench', 'doc', 'plugin', 'proc-macro', 'harness'),
  },
  { proc_macro: 'proc-macro' },
);
export const products = optional(list(product));

const LTO = ['off', 'n', 'no', 'thin', 'fat', 'on', 'y', 'yes', 'true', 'false'];
const DEBUG = ['none', 'limited', 'line-directives-only', 'line-tables-only', 'full'];
const STRIP = ['none', 'debuginfo', 'symbols'];

export const profiles = optional(
  mapOf(
    record({
      debug: optional(either(flag, either(integer(0, 2), wordOf(DEBUG)))),
      strip: optional(either(flag, wordOf(STRIP))),
      lto: optional(either(flag, wordOf(LTO))),
      'split-debuginfo': optional(text),
      'codegen-units': optional(integer(0, 65_535)),
      panic: optional(text),
      inherits: optional(text),
      package: optional(mapOf(anything)),
      ...flags('rpath', 'debug-assertions', 'incremental', 'overflow-checks'),
    }),
  ),
);

const LINT_LEVELS = ['allow', 'warn', 'deny', 'forbid'] as const;
const level = wordOf(LINT_LEVELS);
const lint = either(level, record({ level, priority: optional(integer(-(2 ** 31), 2 ** 31 - 1)) }));
export const lintGroups = mapOf(mapOf(lint));

/** Groups, and whether the workspace's count. */
export const lints: Shape<unknown> = (node) => {
  const { workspace, groups } = split(node);
  if (workspace !== undefined) flag(workspace);
  return lintGroups(groups);
};

function split(node: DataNode): { workspace: DataNode | undefined; groups: DataNode } {
  if (node.kind !== 'map') return { workspace: undefined, groups: node };
  const own = node.entries.find(({ key }) => key === 'workspace');
  const entries = node.entries.filter((entry) => entry !== own);
  return { workspace: own?.value, groups: { ...node, entries } };
}

function flags<K extends string>(...names: readonly K[]): Readonly<Record<K, Shape<unknown>>> {
  return Object.fromEntries(names.map((name) => [name, optional(flag)])) as Record<
    K,
    Shape<unknown>
  >;
}
