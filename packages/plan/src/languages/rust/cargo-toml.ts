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
import type { PlanContext } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { lintGroups, lints, product, products, profiles } from './cargo-tables.js';
import {
  anyResolver,
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

const packageShape = (resolvers: Shape<string>) =>
  facts({
    ...each(SHARED, inheritable),
    name: text(),
    build: optional(optionalFile),
    links: optional(text()),
    workspace: optional(text()),
    'rust-version': optional(rustVersion),
    'default-run': optional(text()),
    resolver: optional(resolvers),
    autobins: optional(flag),
    autoexamples: optional(flag),
    autotests: optional(flag),
    autobenches: optional(flag),
  });

const workspaceShape = (resolvers: Shape<string>) =>
  facts({
    members: optional(texts),
    'default-members': optional(texts),
    exclude: optional(texts),
    resolver: optional(resolvers),
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
const cargoToml = (resolvers: Shape<string>) =>
  facts({
    ...lists,
    package: optional(packageShape(resolvers)),
    workspace: optional(workspaceShape(resolvers)),
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

const asNixpacks = cargoToml(resolver);
const asCargo = cargoToml(anyResolver);

export type CargoToml = Infer<typeof asCargo>;

/**
 * Reads a Cargo.toml; undefined when it is absent, UserError when nixpacks' reader would refuse it. Resolvers that it does not
 * know are refused in conformance mode alone (quirk Q16).
 */
export const readCargoToml = (
  source: SourceTree,
  { conformance }: Pick<PlanContext, 'conformance'>,
  file = 'Cargo.toml',
): CargoToml | undefined =>
  readManifest(source, file, parseToml, conformance ? asNixpacks : asCargo);
