import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryTree } from '@nx-nixpack/base';
import { catalogImage } from '../catalog-image.js';
import type { License, Package, PackageGraph } from '../package-graph.js';
import { ABOUT, SAMPLE } from '../catalog-image.sample.js';
import { cyclonedxJson } from './cyclonedx.js';

const GOLDEN = join(__dirname, 'cyclonedx.golden.json');
const sample = (): PackageGraph =>
  catalogImage(memoryTree(SAMPLE), { ...ABOUT, layerOf: () => `sha256:${'ab'.repeat(32)}` });
const write = (graph: PackageGraph): string => Buffer.from(cyclonedxJson.write(graph)).toString();
const withPackages = (change: (one: Package) => Package): PackageGraph => {
  const graph = sample();
  return { ...graph, packages: graph.packages.map(change) };
};
const licensesOf = (...declared: License[]): unknown => {
  const text = write(withPackages((one) => ({ ...one, licenses: { declared } })));
  return (JSON.parse(text) as { components: { licenses?: unknown }[] }).components[0]?.licenses;
};

describe('cyclonedxJson', () => {
  it('writes the golden document', () => {
    const text = write(sample());
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, text);
    expect(existsSync(GOLDEN)).toBe(true);
    expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('is valid, also for an image with nothing in it', () => {
    expect(cyclonedxJson.check(cyclonedxJson.write(sample()))).toEqual([]);
    expect(cyclonedxJson.check(cyclonedxJson.write(catalogImage(memoryTree({}), ABOUT)))).toEqual(
      [],
    );
  });

  it('numbers equal graphs equally and different ones differently', () => {
    const serial = (graph: PackageGraph) =>
      (JSON.parse(write(graph)) as { serialNumber: string }).serialNumber;
    expect(serial(sample())).toBe(serial(sample()));
    expect(serial({ ...sample(), created: 1 })).not.toBe(serial(sample()));
    expect(serial(sample())).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('writes the time it is given', () => {
    expect(write({ ...sample(), created: 1_700_000_000 })).toContain(
      '"timestamp": "2023-11-14T22:13:20.000Z"',
    );
  });

  const acknowledgement = 'declared';
  it.each<[string, License[], unknown]>([
    ['nothing', [], undefined],
    [
      'names and identifiers',
      [
        { kind: 'id', id: 'MIT' },
        { kind: 'name', name: 'x' },
      ],
      [{ license: { id: 'MIT', acknowledgement } }, { license: { name: 'x', acknowledgement } }],
    ],
    [
      'one expression',
      [{ kind: 'expression', expression: 'MIT OR ISC' }],
      [{ expression: 'MIT OR ISC', acknowledgement }],
    ],
    [
      'an expression beside identifiers',
      [
        { kind: 'expression', expression: 'MIT OR ISC' },
        { kind: 'id', id: 'Zlib' },
      ],
      [{ expression: '(MIT OR ISC) AND Zlib', acknowledgement }],
    ],
    [
      'an expression beside a name',
      [
        { kind: 'expression', expression: 'MIT OR ISC' },
        { kind: 'name', name: 'x' },
      ],
      [
        { license: { name: 'MIT OR ISC', acknowledgement } },
        { license: { name: 'x', acknowledgement } },
      ],
    ],
    [
      'an identifier that is younger than the schema',
      [{ kind: 'id', id: 'Not-Yet-1.0' }],
      [{ license: { name: 'Not-Yet-1.0', acknowledgement } }],
    ],
  ])('writes licenses: %s', (_, declared, expected) => {
    expect(licensesOf(...declared)).toEqual(expected);
  });
});
