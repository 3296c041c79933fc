import { type ByteString, compareText } from '@nx-nixpack/base';
import type { Catalog, Finding, Problem } from './cataloger.js';
import { connect, strongest } from './graph-edges.js';
import { imagePath } from './image-view.js';
import { mergePackages } from './merge-packages.js';
import type { Coverage, Package, PackageGraph, PackageType, ScanProblem } from './package-graph.js';

export interface Subject {
  readonly subject: PackageGraph['subject'];
  /** Seconds since 1970. */
  readonly created: number;
  readonly tool: PackageGraph['tool'];
}

interface Contribution {
  readonly type: PackageType;
  readonly catalog: Catalog;
}

type Owner = (path: ByteString) => string | undefined;
type LayerOf = (path: ByteString) => string | undefined;

/** Joins what the catalogers found: what a distribution owns becomes an alias of its package, equal purls become one package. */
export function assembleGraph(
  parts: readonly Contribution[],
  about: Subject,
  layerOf: LayerOf,
): PackageGraph {
  const owner = ownerOf(parts);
  const ids = new Map<string, string>();
  const kept: Package[] = [];
  const aliases = new Map<string, Set<string>>();
  for (const { type, catalog } of parts) {
    for (const finding of catalog.findings) {
      const owned = catalog.owner ? undefined : owner(finding.place);
      ids.set(finding.key, owned ?? finding.package.purl);
      if (owned === undefined) kept.push(packageOf(finding, type, layerOf));
      else aliases.set(owned, (aliases.get(owned) ?? new Set()).add(finding.package.purl));
    }
  }
  const packages = mergePackages(kept).map((one) => withAliases(one, aliases.get(one.id)));
  const edges = strongest(
    parts.flatMap((part) => part.catalog.edges),
    ids,
  );
  const rootDependencies = parts.flatMap((part) => part.catalog.rootDependencies ?? []);
  const problems = parts.map((part) => unowned(part, owner));
  return {
    subject: about.subject,
    packages,
    edges: connect(
      about.subject.purl,
      packages,
      edges,
      strongest(
        rootDependencies.map(({ key, kind }) => ({ from: about.subject.purl, to: key, kind })),
        ids,
      ),
    ),
    coverage: parts
      .map((part, index) => coverageOf(part, problems[index] ?? []))
      .sort((a, b) => compareText(a.ecosystem, b.ecosystem)),
    problems: problems
      .flat()
      .map(readable)
      .sort((a, b) => compareText(a.path, b.path) || compareText(a.message, b.message)),
    created: about.created,
    tool: about.tool,
  };
}

function ownerOf(parts: readonly Contribution[]): Owner {
  const distributions = parts.flatMap(({ catalog }) => (catalog.owner ? [catalog] : []));
  return (path) => {
    for (const distribution of distributions) {
      const owner = distribution.owner?.(path);
      if (owner !== undefined) return owner;
    }
    return undefined;
  };
}

function packageOf(finding: Finding, type: PackageType, layerOf: LayerOf): Package {
  const layerDigest = layerOf(finding.place);
  const evidence = {
    path: imagePath(finding.place),
    technique: finding.technique,
    ...(layerDigest !== undefined && { layerDigest }),
  };
  return { ...finding.package, id: finding.package.purl, type, evidence: [evidence], aliases: [] };
}

const withAliases = (one: Package, aliases: ReadonlySet<string> | undefined): Package =>
  aliases === undefined ? one : { ...one, aliases: [...aliases].sort(compareText) };

/** Distributions know their own files; what else such a file looks like does not matter. */
const unowned = ({ catalog }: Contribution, owner: Owner): Problem[] =>
  catalog.problems.filter(
    (problem) => catalog.owner !== undefined || owner(problem.path) === undefined,
  );

const readable = ({ path, message }: Problem): ScanProblem => ({ path: imagePath(path), message });

function coverageOf({ type, catalog }: Contribution, problems: readonly Problem[]): Coverage {
  if (problems.length > 0) {
    const files = problems.length === 1 ? '1 file' : `${problems.length} files`;
    return { ecosystem: type, status: 'incomplete', reason: `${files} could not be understood` };
  }
  if (catalog.unknown !== undefined)
    return { ecosystem: type, status: 'unknown', reason: catalog.unknown };
  return { ecosystem: type, status: 'complete' };
}
