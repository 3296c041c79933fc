import { parseToml } from '@nx-nixpack/data';
import {
  flag,
  mapOf,
  optional,
  record,
  text,
  texts,
  type Shape,
} from '@nx-nixpack/data/first-fault';
import { readManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import { lintGroups, lints, product, products, profiles } from './cargo-tables.js';
import {
  dependencies,
  dependency,
  edition,
  inheritable,
  optionalFile,
  publish,
  resolver,
} from './cargo-values.js';

/** Fields of a package that a workspace can give, with what the reader accepts for each. */
const SHARED = {
  version: text,
  edition,
  authors: texts,
  keywords: texts,
  categories: texts,
  description: text,
  homepage: text,
  documentation: text,
  license: text,
  'license-file': text,
  repository: text,
  exclude: texts,
  include: texts,
  readme: optionalFile,
  publish,
} as const;

/** The version of Rust; without one the workspace gives it. */
const rustVersion: Shape<{ readonly version: string | undefined }> = (node) => ({
  version: inheritable(text)(node),
});

const packageShape = record({
  ...each(SHARED, inheritable),
  name: text,
  build: optional(optionalFile),
  links: optional(text),
  workspace: optional(text),
  'rust-version': optional(rustVersion),
  'default-run': optional(text),
  resolver: optional(resolver),
  autobins: optional(flag),
  autoexamples: optional(flag),
  autotests: optional(flag),
  autobenches: optional(flag),
});

const workspaceShape = record({
  members: optional(texts),
  'default-members': optional(texts),
  exclude: optional(texts),
  resolver: optional(resolver),
  package: optional(record({ ...each(SHARED, optional), 'rust-version': optional(text) })),
  dependencies,
  lints: optional(lintGroups),
});

/** The same wrapper around every shape. */
function each<K extends string>(
  shapes: Readonly<Record<K, Shape<unknown>>>,
  wrap: (shape: Shape<unknown>) => Shape<unknown>,
): Readonly<Record<K, Shape<unknown>>> {
  const wrapped = Object.entries<Shape<unknown>>(shapes).map(([key, shape]) => [key, wrap(shape)]);
  return Object.fromEntries(wrapped) as Readonly<Record<K, Shape<unknown>>>;
}

const lists = {
  dependencies,
  'dev-dependencies': dependencies,
  'build-dependencies': dependencies,
};

/** Old spellings (`[project]`, `dev_dependencies`, …) are unknown to the reader, and ignored as it ignores them. */
const cargoToml = record({
  ...lists,
  package: optional(packageShape),
  workspace: optional(workspaceShape),
  target: optional(mapOf(record(lists))),
  features: optional(mapOf(texts)),
  lib: optional(product),
  bin: products,
  bench: products,
  test: products,
  example: products,
  replace: dependencies,
  patch: optional(mapOf(mapOf(dependency))),
  profile: profiles,
  badges: optional(mapOf((node) => node)),
  lints: optional(lints),
});

export type CargoToml = ReturnType<typeof cargoToml>;

/** Reads a Cargo.toml; undefined when it is absent, UserError when nixpacks' reader would refuse it. */
export const readCargoToml = (source: SourceTree, file = 'Cargo.toml'): CargoToml | undefined =>
  readManifest(source, file, parseToml, cargoToml);
