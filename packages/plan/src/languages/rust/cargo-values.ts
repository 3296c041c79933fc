import { DataFault, type DataNode } from '@nx-nixpack/data';
import {
  flag,
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

export const wordOf =
  (words: readonly string[]): Shape<string> =>
  (node) => {
    const word = text(node);
    if (!words.includes(word))
      throw new DataFault(`"${word}" is none of ${words.join(', ')}`, node.offset);
    return word;
  };

export const edition = wordOf(EDITIONS);
export const resolver = wordOf(RESOLVERS);

export const integer =
  (least: number, most: number): Shape<number> =>
  (node) => {
    const value = node.kind === 'integer' ? Number(node.value) : NaN;
    if (value >= least && value <= most) return value;
    throw new DataFault(`expected an integer from ${least} to ${most}`, node.offset);
  };

/** The first shape that reads the node; the fault of the last one when none does. */
export const either =
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
