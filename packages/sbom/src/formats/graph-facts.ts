import { compareText } from '@nx-nixpack/base';
import type { Package, PackageGraph } from '../package-graph.js';

/** What a graph knows and document formats have no field for: a name of ours and its value. */
export type Fact = readonly [name: string, value: string];

/** How complete each ecosystem's list is, and what could not be understood. In the graph's order. */
export function graphFacts({ coverage, problems }: PackageGraph): Fact[] {
  return [
    ...coverage.map(({ ecosystem, status, reason }) =>
      fact(`coverage:${ecosystem}`, reason === undefined ? status : `${status}: ${reason}`),
    ),
    ...problems.map(({ path, message }) => fact('problem', `${path}: ${message}`)),
  ];
}

/** The layers that brought a package, its other package URLs and the facts of its ecosystem, sorted. */
export function packageFacts({ evidence, aliases, properties }: Package): Fact[] {
  const layers = new Set(evidence.flatMap(({ layerDigest }) => layerDigest ?? []));
  return [
    ...[...layers].map((digest) => fact('layer', digest)),
    ...aliases.map((alias) => fact('alias', alias)),
    ...Object.entries(properties).map(([name, value]) => fact(name, value)),
  ].sort(([a, x], [b, y]) => compareText(a, b) || compareText(x, y));
}

const fact = (name: string, value: string): Fact => [`nx-nixpack:${name}`, value];
