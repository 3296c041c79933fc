import { DataFault, type DataNode } from '@nx-nixpack/data';
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

/**
 * What the reader of nixpacks 1.41.0 accepts as the values of a Cargo.toml: cargo_toml 0.20.4, of mid 2024
 * (https://docs.rs/cargo_toml/0.20.4). Anything else ends planning there.
 */
const EDITIONS = ['2015', '2018', '2021', '2024'] as const;
const RESOLVERS = ['1', '2'] as const;
const LINT_LEVELS = ['allow', 'warn', 'deny', 'forbid'] as const;

const wordOf =
  (words: readonly string[]): Shape<string> =>
  (node) => {
    const word = text(node);
    if (!words.includes(word))
      throw new DataFault(`"${word}" is none of ${words.join(', ')}`, node.offset);
    return word;
  };

export const edition = wordOf(EDITIONS);
export const resolver = wordOf(RESOLVERS);

const integer =
  (least: number, most: number): Shape<number> =>
  (node) => {
    const value = node.kind === 'integer' ? Number(node.value) : NaN;
    if (value >= least && value <= most) return value;
    throw new DataFault(`expected an integer from ${least} to ${most}`, node.offset);
  };

/** The first shape that reads the node; the fault of the last one when none does. */
const either =
  <A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> =>
  (node) => {
    try {
      return first(node);
    } catch (error) {
      if (error instanceof DataFault) return second(node);
      throw error;
    }
  };

/** A file, or whether there is one. */
export const optionalFile = either(flag, text);
/** Registries, or whether to publish at all. */
export const publish = either(flag, texts);

const fromWorkspace = record({ workspace: flag });

/** A value, or `{ workspace = true }`, which reads as undefined. */
export function inheritable<T>(shape: Shape<T>): Shape<T | undefined> {
  const read = (node: DataNode): T | undefined => {
    if (node.kind !== 'map') return shape(node);
    fromWorkspace(node);
    return undefined;
  };
  return Object.assign(read, { optional: true as const });
}

const UNINHERITED = [
  'version',
  'registry',
  'registry-index',
  'path',
  'git',
  'branch',
  'tag',
  'rev',
  'package',
] as const;
const ofAnyDependency = { features: optional(texts), optional: optional(flag) };
const inherited = record({ ...ofAnyDependency, workspace: flag });
const detailed = record({
  ...ofAnyDependency,
  ...Object.fromEntries(UNINHERITED.map((name) => [name, optional(text)])),
  'default-features': optional(flag),
});

/** A version, a table of the workspace's, or a table of its own. */
export const dependency = either(text, either(inherited, detailed));
export const dependencies = optional(mapOf(dependency));

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
