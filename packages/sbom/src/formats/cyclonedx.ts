import { compareText } from '@nx-nixpack/base';
import { Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { checkCyclonedx } from '../check/check-cyclonedx.js';
import type { Package, PackageGraph } from '../package-graph.js';
import { cyclonedxModel } from './cyclonedx-model.js';
import { graphUuid } from './graph-uuid.js';
import type { SbomFormat } from './sbom-format.js';

/** CycloneDX 1.6 as JSON. */
export const cyclonedxJson: SbomFormat = {
  name: 'cyclonedx-json',
  fileName: 'sbom.cdx.json',
  mediaType: 'application/vnd.cyclonedx+json',
  write: writeCyclonedx,
  check: checkCyclonedx,
};

function writeCyclonedx(graph: PackageGraph): Uint8Array {
  const bom = cyclonedxModel(graph);
  bom.serialNumber = `urn:uuid:${graphUuid(graph)}`;
  // The model is filled in byte order. The library's own `sortLists` would sort by the machine's locale.
  const normalized = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)
    .makeForBom()
    .normalize(bom, {});
  const byId = new Map(graph.packages.map((one) => [one.id, one]));
  const components = (normalized.components ?? []).map((component) => {
    const one = byId.get(component['bom-ref'] ?? '');
    return one === undefined ? component : { ...component, evidence: evidenceOf(one) };
  });
  const document = { ...normalized, components, compositions: compositionsOf(graph) };
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}

/** Not in the library's model: what identified the package, and every place it was found. */
function evidenceOf(one: Package): object {
  const methods = one.evidence.map(({ technique, path }) => ({
    technique,
    confidence: 1,
    value: path,
  }));
  return {
    identity: [{ field: 'purl', confidence: 1, methods }],
    occurrences: one.evidence.map(({ path }) => ({ location: path })),
  };
}

/** Not in the library's model: how complete each ecosystem's list is. */
function compositionsOf(graph: PackageGraph): object[] {
  return graph.coverage.flatMap(({ ecosystem, status }) => {
    const assemblies = graph.packages.filter((one) => one.type === ecosystem).map((one) => one.id);
    return assemblies.length === 0
      ? []
      : [{ aggregate: status, assemblies: assemblies.sort(compareText) }];
  });
}
