import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryTree } from '@nx-nixpack/base';
import { catalogImage } from '../catalog-image.js';
import { ABOUT, SAMPLE } from '../catalog-image.sample.js';
import type { PackageGraph } from '../package-graph.js';
import { cyclonedxJson } from './cyclonedx.js';
import { FORMATS } from './index.js';
import { spdxJson } from './spdx.js';

interface Described {
  readonly packages: string[];
  readonly edges: string[];
}

const sample = (): PackageGraph => catalogImage(memoryTree(SAMPLE), ABOUT);
const parsed = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString()) as T;

/** Packages by package URL and edges between them, as a reader of a document sees them. */
const READERS: Readonly<Record<string, (bytes: Uint8Array) => Described>> = {
  [cyclonedxJson.name](bytes) {
    const { components, dependencies, metadata } = parsed<{
      metadata: { component: { purl: string; 'bom-ref': string } };
      components: { purl: string; 'bom-ref': string }[];
      dependencies: { ref: string; dependsOn?: string[] }[];
    }>(bytes);
    const all = [metadata.component, ...components];
    const purls = new Map(all.map((one) => [one['bom-ref'], one.purl]));
    return {
      packages: all.map((one) => one.purl).sort(),
      edges: dependencies
        .flatMap(({ ref, dependsOn = [] }) =>
          dependsOn.map((to) => `${purls.get(ref)} -> ${purls.get(to)}`),
        )
        .sort(),
    };
  },
  [spdxJson.name](bytes) {
    const { packages, relationships } = parsed<{
      packages: { SPDXID: string; externalRefs: { referenceLocator: string }[] }[];
      relationships: Record<'spdxElementId' | 'relationshipType' | 'relatedSpdxElement', string>[];
    }>(bytes);
    const purls = new Map(
      packages.map((one) => [one.SPDXID, one.externalRefs[0]?.referenceLocator ?? '']),
    );
    return {
      packages: [...purls.values()].sort(),
      edges: relationships
        .filter((one) => one.relationshipType !== 'DESCRIBES')
        .map((one) => `${purls.get(one.spdxElementId)} -> ${purls.get(one.relatedSpdxElement)}`)
        .sort(),
    };
  },
};

describe.each(FORMATS.map((format) => [format.name, format] as const))('%s', (name, format) => {
  it('describes the packages and dependencies of the graph, no more and no less', () => {
    const graph = sample();
    const described = READERS[name]?.(format.write(graph));
    expect(described).toEqual({
      packages: [graph.subject.purl, ...graph.packages.map((one) => one.purl)].sort(),
      edges: graph.edges.map(({ from, to }) => `${from} -> ${to}`).sort(),
    });
  });

  it('is written the same twice, and is valid', () => {
    const bytes = format.write(sample());
    expect(Buffer.from(format.write(sample())).equals(bytes)).toBe(true);
    expect(format.check(bytes)).toEqual([]);
  });

  it('refuses what is not a document', () => {
    for (const text of ['{', '[]', '{}'])
      expect(format.check(Buffer.from(text))).toContainEqual(
        expect.objectContaining({ code: 'SBOM_INVALID' }),
      );
  });
});

it('gives every format a name and a file of its own', () => {
  for (const key of ['name', 'fileName'] as const)
    expect(new Set(FORMATS.map((format) => format[key])).size).toBe(FORMATS.length);
});

/** Folders of sources that are not tests. */
const packages = join(__dirname, '../../..');
const sources = readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter(
  (path) =>
    /^[^/]+\/src\/.*\.ts$/.test(path) && !/\.(spec|contract|sample|fixture)\.ts$/.test(path),
);

it.each(FORMATS.map(({ name }) => name))('names %s in its own file alone', (name) => {
  const naming = sources.filter((path) =>
    readFileSync(join(packages, path), 'utf8').includes(`'${name}'`),
  );
  // What is written when nobody asks for a format is a decision of the deployment file.
  const others = naming.filter((path) => path !== 'deployment/src/schema/settings.ts');
  expect(others).toHaveLength(1);
  expect(others[0]).toMatch(/^sbom\/src\/formats\//);
});
