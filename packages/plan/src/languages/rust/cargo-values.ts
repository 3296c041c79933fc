import {
  dictionary,
  either,
  flag,
  integer as decimal,
  list,
  oneOf,
  optional,
  text,
  wrongType,
  type OptionalShape,
  type Shape,
} from '@nx-nixpack/data';
import { facts } from '../../source/manifest.js';

/**
 * What the reader of nixpacks 1.41.0 accepts as the values of a Cargo.toml: cargo_toml 0.20.4, of mid 2024
 * (https://docs.rs/cargo_toml/0.20.4). Anything else ends planning there.
 */
const EDITIONS = ['2015', '2018', '2021', '2024'] as const;
const RESOLVERS = ['1', '2'] as const;
/** Cargo's since Rust 1.84, which that reader does not know yet. */
const LATER_RESOLVERS = [...RESOLVERS, '3'] as const;

export const texts = list(text());
export const edition = oneOf(...EDITIONS);
export const resolver = oneOf(...RESOLVERS);
export const anyResolver = oneOf(...LATER_RESOLVERS);

/** A whole number; 1.0 is none in TOML. */
export function integer(least: number, most: number): Shape<number> {
  const { form, read } = decimal(least, most);
  return {
    form,
    read: (slot, reading) =>
      slot.node.kind === 'float' ? wrongType(slot, reading, 'a whole number') : read(slot, reading),
  };
}

/** A file, or whether there is one. */
export const optionalFile = either(flag, text());
/** Registries, or whether to publish at all. */
export const publish = either(flag, texts);

const fromWorkspace = facts({ workspace: flag });

/** A value, or `{ workspace = true }`, which reads as undefined. */
export const inheritable = <T>(shape: Shape<T>): OptionalShape<T> =>
  optional({
    form: shape.form,
    read: (slot, reading) => {
      if (slot.node.kind !== 'map') return shape.read(slot, reading);
      fromWorkspace.read(slot, reading);
      return undefined;
    },
  });

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
const inherited = facts({ ...ofAnyDependency, workspace: flag });
const detailed = facts({
  ...ofAnyDependency,
  ...Object.fromEntries(UNINHERITED.map((name) => [name, optional(text())])),
  'default-features': optional(flag),
});

/** A version, a table of the workspace's, or a table of its own. */
export const dependency = either(text(), inherited, detailed);
export const dependencies = optional(dictionary(dependency));
