import { DataFault, parseToml, type DataNode } from '@nx-nixpack/data';
import {
  anything,
  flag,
  list,
  mapOf,
  member,
  optional,
  record,
  text,
  texts,
  type Shape,
} from '@nx-nixpack/data/first-fault';

import { readManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';

/** What nixpacks' reader of Cargo.toml, of mid 2024, knows. Anything else fails planning. */
const EDITIONS = ['2015', '2018', '2021', '2024'] as const;
const RESOLVERS = ['1', '2'] as const;
const LINT_LEVELS = ['allow', 'warn', 'deny', 'forbid'] as const;

const inherited = record({ workspace: flag });

/** A value, or `{ workspace = true }`, which reads as undefined. */
function inheritable<T>(shape: Shape<T>): Shape<T | undefined> {
  const read = (node: DataNode): T | undefined => {
    if (node.kind !== 'map') return shape(node);
    inherited(node);
    return undefined;
  };
  return Object.assign(read, { optional: true as const });
}

const oneOf =
  (values: readonly string[]): Shape<string> =>
  (node) => {
    const value = text(node);
    if (!values.includes(value))
      throw new DataFault(`"${value}" is none of ${values.join(', ')}`, node.offset);
    return value;
  };

/** Text or a table. */
const dependency: Shape<DataNode> = (node) => {
  if (node.kind !== 'map') text(node);
  return node;
};

const lint: Shape<DataNode> = (node) => {
  oneOf(LINT_LEVELS)(node.kind === 'map' ? (member(node, 'level') ?? node) : node);
  return node;
};

const dependencies = optional(mapOf(dependency));
const lints = optional(mapOf((node) => (node.kind === 'map' ? mapOf(lint)(node) : node)));
const product = record({
  name: optional(text),
  path: optional(text),
  test: optional(flag),
  edition: optional(oneOf(EDITIONS)),
});
const platform = record(
  { dependencies, 'dev-dependencies': dependencies, 'build-dependencies': dependencies },
  { dev_dependencies: 'dev-dependencies', build_dependencies: 'build-dependencies' },
);

/** Fields of a package that a workspace can give, with what the reader accepts for each. */
const SHARED = {
  version: text,
  edition: oneOf(EDITIONS),
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
} as const;

const SPELLINGS = {
  rust_version: 'rust-version',
  default_run: 'default-run',
  license_file: 'license-file',
} as const;

const packageShape = record(
  {
    ...each(SHARED, inheritable),
    name: text,
    build: optional(anything),
    links: optional(text),
    readme: optional(anything),
    publish: optional(anything),
    'rust-version': optional(anything),
    'default-run': optional(text),
    resolver: optional(oneOf(RESOLVERS)),
    autobins: optional(flag),
  },
  SPELLINGS,
);

const workspaceShape = record(
  {
    members: optional(texts),
    'default-members': optional(texts),
    exclude: optional(texts),
    resolver: optional(oneOf(RESOLVERS)),
    package: optional(
      record({ ...each(SHARED, optional), 'rust-version': optional(text) }, SPELLINGS),
    ),
    dependencies,
    lints,
  },
  { default_members: 'default-members' },
);

/** The same wrapper around every shape. */
function each<K extends string>(
  shapes: Readonly<Record<K, Shape<unknown>>>,
  wrap: (shape: Shape<unknown>) => Shape<unknown>,
): Readonly<Record<K, Shape<unknown>>> {
  const wrapped = Object.entries<Shape<unknown>>(shapes).map(([key, shape]) => [key, wrap(shape)]);
  return Object.fromEntries(wrapped) as Readonly<Record<K, Shape<unknown>>>;
}

const cargoToml = record(
  {
    package: optional(packageShape),
    workspace: optional(workspaceShape),
    dependencies,
    'dev-dependencies': dependencies,
    'build-dependencies': dependencies,
    features: optional(mapOf(texts)),
    bin: optional(list(product)),
    lib: optional(product),
    target: optional(mapOf(platform)),
    patch: optional(mapOf(mapOf(dependency))),
    lints,
  },
  {
    project: 'package',
    dev_dependencies: 'dev-dependencies',
    build_dependencies: 'build-dependencies',
  },
);

export type CargoToml = ReturnType<typeof cargoToml>;

/** Reads a Cargo.toml; undefined when it is absent, UserError when Cargo of mid 2024 would refuse it. */
export const readCargoToml = (source: SourceTree, file = 'Cargo.toml'): CargoToml | undefined =>
  readManifest(source, file, parseToml, cargoToml);
