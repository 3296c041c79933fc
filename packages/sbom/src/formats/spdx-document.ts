import type { PackageEdge, PackageGraph } from '../package-graph.js';
import { graphFacts } from './graph-facts.js';
import { graphUuid } from './graph-uuid.js';
import { LicenseReferences } from './spdx-licenses.js';
import { factLines, packageElement, spdxId, subjectElement } from './spdx-package.js';

const DOCUMENT = 'SPDXRef-DOCUMENT';

/**
 * The graph as an SPDX 2.3 document (https://spdx.github.io/spdx-spec/v2.3/), keys and lists in a fixed order. The namespace
 * and the time depend on the graph alone.
 */
export function spdxDocument(graph: PackageGraph): object {
  const { subject, packages, tool } = graph;
  const references = new LicenseReferences();
  const elements = packages.map((one) => packageElement(one, references));
  const comment = factLines(graphFacts(graph));
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: subject.name,
    documentNamespace: `https://spdx.org/spdxdocs/${encodeURIComponent(subject.name)}-${graphUuid(graph)}`,
    ...(comment !== '' && { comment }),
    creationInfo: {
      created: new Date(graph.created * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
      creators: [`Tool: ${tool.name}-${tool.version}`],
    },
    packages: [subjectElement(subject), ...elements],
    ...references.section(),
    relationships: [
      relationship(DOCUMENT, 'DESCRIBES', spdxId(subject.purl)),
      ...graph.edges.map(edgeRelationship),
    ],
  };
}

/** Why one package depends on another is a comment: SPDX has words for it only in the other direction. */
function edgeRelationship({ from, to, kind }: PackageEdge): object {
  if (kind === 'contains') return relationship(spdxId(from), 'CONTAINS', spdxId(to));
  const dependency = relationship(spdxId(from), 'DEPENDS_ON', spdxId(to));
  return kind === 'runtime' ? dependency : { ...dependency, comment: kind };
}

const relationship = (from: string, type: string, to: string): object => ({
  spdxElementId: from,
  relationshipType: type,
  relatedSpdxElement: to,
});
