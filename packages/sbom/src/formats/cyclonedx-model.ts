import { Enums, Models } from '@cyclonedx/cyclonedx-library';
import type { Hash, Package, PackageGraph } from '../package-graph.js';
import { cyclonedxLicenses } from './cyclonedx-licenses.js';
import { type Fact, graphFacts, packageFacts } from './graph-facts.js';

const ALGORITHMS: Readonly<Record<Hash['algorithm'], Enums.HashAlgorithm>> = {
  md5: Enums.HashAlgorithm.MD5,
  'sha-1': Enums.HashAlgorithm['SHA-1'],
  'sha-256': Enums.HashAlgorithm['SHA-256'],
  'sha-512': Enums.HashAlgorithm['SHA-512'],
};

/** The graph in the library's words. Every list is filled in byte order. */
export function cyclonedxModel(graph: PackageGraph): Models.Bom {
  const { subject } = graph;
  const image = new Models.Component(Enums.ComponentType.Container, subject.name, {
    bomRef: subject.purl,
    purl: subject.purl,
    version: subject.digest,
    hashes: new Models.HashDictionary([
      [Enums.HashAlgorithm['SHA-256'], subject.digest.replace('sha256:', '')],
    ]),
  });
  const optional = optionalOnly(graph);
  const components = new Map(graph.packages.map((one) => [one.id, componentOf(one, optional)]));
  for (const edge of graph.edges) {
    const from = edge.from === subject.purl ? image : components.get(edge.from);
    const to = components.get(edge.to);
    if (from && to) from.dependencies.add(to.bomRef);
  }
  return new Models.Bom({
    metadata: metadataOf(graph, image),
    components: new Models.ComponentRepository(components.values()),
  });
}

function metadataOf(graph: PackageGraph, component: Models.Component): Models.Metadata {
  const { name, version } = graph.tool;
  const tool = new Models.Component(Enums.ComponentType.Application, name, { version });
  return new Models.Metadata({
    timestamp: new Date(graph.created * 1000),
    tools: new Models.Tools({ components: new Models.ComponentRepository([tool]) }),
    component,
    properties: new Models.PropertyRepository([
      new Models.Property('cdx:reproducible', 'true'),
      ...properties(graphFacts(graph)),
    ]),
  });
}

/** Packages that are only asked for as optional ones. */
function optionalOnly(graph: PackageGraph): ReadonlySet<string> {
  const optional = new Set(
    graph.edges.filter((edge) => edge.kind === 'optional').map((edge) => edge.to),
  );
  for (const edge of graph.edges) if (edge.kind !== 'optional') optional.delete(edge.to);
  return optional;
}

function componentOf(one: Package, optional: ReadonlySet<string>): Models.Component {
  const type = one.type === 'generic' ? Enums.ComponentType.Platform : Enums.ComponentType.Library;
  const scope = optional.has(one.id)
    ? Enums.ComponentScope.Optional
    : Enums.ComponentScope.Required;
  const supplier =
    one.supplier === undefined
      ? undefined
      : new Models.OrganizationalEntity({ name: one.supplier });
  return new Models.Component(type, one.name, {
    bomRef: one.id,
    purl: one.purl,
    scope,
    hashes: hashesOf(one),
    licenses: new Models.LicenseRepository(cyclonedxLicenses(one.licenses.declared)),
    properties: new Models.PropertyRepository(properties(packageFacts(one))),
    ...(one.version !== '' && { version: one.version }),
    ...(supplier && { supplier }),
    ...(one.description !== undefined && { description: one.description }),
  });
}

/** Archives of one version that differ have several hashes of one kind; the format has room for one, the first. */
function hashesOf(one: Package): Models.HashDictionary {
  const hashes = new Models.HashDictionary();
  for (const { algorithm, hex } of one.hashes) {
    if (!hashes.has(ALGORITHMS[algorithm])) hashes.set(ALGORITHMS[algorithm], hex);
  }
  return hashes;
}

const properties = (facts: readonly Fact[]): Models.Property[] =>
  facts.map(([name, value]) => new Models.Property(name, value));
