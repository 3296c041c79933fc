import {
  anyValue,
  dictionary,
  flag,
  optional,
  parseToml,
  text,
  type Infer,
  type OptionalShape,
  type Shape,
} from '@nx-nixpack/data';
import { facts, readManifest } from '../../source/manifest.js';
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
  texts,
} from './cargo-values.js';

/** Fields of a package that a workspace can give, with what the reader accepts for each. */
const SHARED = {
  version: text(),
  edition,
  authors: texts,
  keywords: texts,
  categories: texts,
  description: text(),
  homepage: text(),
  documentation: text(),
  license: text(),
  'license-file': text(),
  repository: text(),
  exclude: texts,
  include: texts,
  readme: optionalFile,
  publish,
} as const;

/** The version of Rust; without one the workspace gives it. */
const ownVersion = inheritable(text());
const rustVersion: Shape<{ readonly version: string | undefined }> = {
  form: ownVersion.form,
  read: (slot, reading) => ({ version: ownVersion.read(slot, reading) }),
};

const packageShape = facts({
  ...each(SHARED, inheritable),
  name: text(),
  build: optional(optionalFile),
  links: optional(text()),
  workspace: optional(text()),
  'rust-version': optional(rustVersion),
  'default-run': optional(text()),
  resolver: optional(resolver),
  autobins: optional(flag),
  autoexamples: optional(flag),
  autotests: optional(flag),
  autobenches: optional(flag),
});

const workspaceShape = facts({
  members: optional(texts),
  'default-members': optional(texts),
  exclude: optional(texts),
  resolver: optional(resolver),
  package: optional(facts({ ...each(SHARED, optional), 'rust-version': optional(text()) })),
  dependencies,
  lints: optional(lintGroups),
});

/** The same wrapper around every shape. */
function each<K extends string>(
  shapes: Readonly<Record<K, Shape<unknown>>>,
  wrap: (shape: Shape<unknown>) => OptionalShape<unknown>,
): Readonly<Record<K, OptionalShape<unknown>>> {
  const wrapped = Object.entries<Shape<unknown>>(shapes).map(([key, shape]) => [key, wrap(shape)]);
  return Object.fromEntries(wrapped) as Record<K, OptionalShape<unknown>>;
}

const lists = {
  dependencies,
  'dev-dependencies': dependencies,
  'build-dependencies': dependencies,
};

/** Old spellings (`[project]`, `dev_dependencies`, …) are unknown to the reader, and ignored as it ignores them. */
const cargoToml = facts({
  ...lists,
  package: optional(packageShape),
  workspace: optional(workspaceShape),
  target: optional(dictionary(facts(lists))),
  features: optional(dictionary(texts)),
  lib: optional(product),
  bin: products,
  bench: products,
  test: products,
  example: products,
  replace: dependencies,
  patch: optional(dictionary(dictionary(dependency))),
  profile: profiles,
  badges: optional(dictionary(anyValue)),
  lints: optional(lints),
});

export type CargoToml = Infer<typeof cargoToml>;

/** Reads a Cargo.toml; undefined when it is absent, UserError when nixpacks' reader would refuse it. */
export const readCargoToml = (source: SourceTree, file = 'Cargo.toml'): CargoToml | undefined =>
  readManifest(source, file, parseToml, cargoToml);
