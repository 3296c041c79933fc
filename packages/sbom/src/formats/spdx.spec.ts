import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryTree } from '@nx-nixpack/base';
import current from 'spdx-license-ids';
import deprecated from 'spdx-license-ids/deprecated';
import { catalogImage } from '../catalog-image.js';
import { ABOUT, SAMPLE } from '../catalog-image.sample.js';
import type { License, Package, PackageGraph } from '../package-graph.js';
import { spdxId } from './spdx-package.js';
import { spdxJson } from './spdx.js';
import { YOUNG_IDS } from './spdx-young-ids.js';

interface SpdxDocument {
  comment?: string;
  documentNamespace: string;
  creationInfo: { created: string };
  packages: Record<string, unknown>[];
  hasExtractedLicensingInfos?: { licenseId: string; extractedText: string }[];
}

const GOLDEN = join(__dirname, 'spdx.golden.json');
const sample = (): PackageGraph =>
  catalogImage(memoryTree(SAMPLE), { ...ABOUT, layerOf: () => `sha256:${'ab'.repeat(32)}` });
const textOf = (graph: PackageGraph): string => Buffer.from(spdxJson.write(graph)).toString();
const write = (graph: PackageGraph): SpdxDocument => JSON.parse(textOf(graph)) as SpdxDocument;
const withPackages = (change: (one: Package) => Partial<Package>): PackageGraph => {
  const graph = sample();
  return { ...graph, packages: graph.packages.map((one) => ({ ...one, ...change(one) })) };
};
const problems = (graph: PackageGraph): string[] =>
  spdxJson.check(spdxJson.write(graph)).map((problem) => problem.message);

describe('spdxJson', () => {
  it('writes the golden document', () => {
    const text = textOf(sample());
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, text);
    expect(existsSync(GOLDEN)).toBe(true);
    expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('is valid, also for an image with nothing in it', () => {
    expect(problems(sample())).toEqual([]);
    expect(problems(catalogImage(memoryTree({}), ABOUT))).toEqual([]);
  });

  it('has a namespace that equal graphs share and different ones do not', () => {
    const namespace = (graph: PackageGraph): string => write(graph).documentNamespace;
    expect(namespace(sample())).toBe(namespace(sample()));
    expect(namespace({ ...sample(), created: 1 })).not.toBe(namespace(sample()));
    expect(namespace(sample())).toMatch(
      /^https:\/\/spdx\.org\/spdxdocs\/shop%2Fapi-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
  });

  it('writes the time it is given, to the second', () => {
    const { created } = write({ ...sample(), created: 1_700_000_000 }).creationInfo;
    expect(created).toBe('2023-11-14T22:13:20Z');
  });

  it.each<[string, License[], string, string[]]>([
    ['nothing', [], 'NOASSERTION', []],
    ['an identifier', [{ kind: 'id', id: 'MIT' }], 'MIT', []],
    [
      'several, which apply together',
      [
        { kind: 'expression', expression: 'MIT OR ISC' },
        { kind: 'id', id: 'Zlib' },
      ],
      '(MIT OR ISC) AND Zlib',
      [],
    ],
    [
      'a name',
      [{ kind: 'name', name: 'See (the) file' }],
      'LicenseRef-See-the-file-f944c66f299f36f05421a266ead5a97f',
      ['See (the) file'],
    ],
    [
      'an identifier that readers may not know yet',
      [
        { kind: 'id', id: 'Artistic-dist' },
        { kind: 'expression', expression: 'MIT OR (BOLA-1.1 AND ISC)' },
      ],
      'LicenseRef-Artistic-dist AND (MIT OR (LicenseRef-BOLA-1.1 AND ISC))',
      ['Artistic-dist', 'BOLA-1.1'],
    ],
    [
      'an identifier that readers may not know yet, or later',
      [{ kind: 'expression', expression: 'BOLA-1.1+' }],
      'LicenseRef-BOLA-1.1--c766c7752ed97660588e905326da939e',
      ['BOLA-1.1+'],
    ],
    [
      'a reference of the package',
      [{ kind: 'expression', expression: 'MIT OR LicenseRef-Acme' }],
      'MIT OR LicenseRef-Acme',
      ['LicenseRef-Acme'],
    ],
    [
      'a reference into another document',
      [{ kind: 'expression', expression: 'DocumentRef-x:LicenseRef-y' }],
      'LicenseRef-DocumentRef-x-LicenseRef-y-042642976af088c3c99c93e2737fb20b',
      ['DocumentRef-x:LicenseRef-y'],
    ],
  ])('writes licenses: %s', (_, declared, expected, explained) => {
    const graph = withPackages(() => ({ licenses: { declared } }));
    const document = write(graph);
    expect(document.packages[1]?.['licenseDeclared']).toBe(expected);
    const texts = document.hasExtractedLicensingInfos?.map((one) => one.extractedText) ?? [];
    expect(texts).toEqual(explained);
    expect(problems(graph)).toEqual([]);
  });

  it('explains two names whose references somebody made alike, and lets no reference take over that of a name', () => {
    const names = ['A;$= !!!!', 'A!?& ?!!!'].map((name): License => ({ kind: 'name', name }));
    const explained = (declared: License[]): string[] =>
      write(withPackages(() => ({ licenses: { declared } }))).hasExtractedLicensingInfos?.map(
        (one) => one.extractedText,
      ) ?? [];
    expect(explained(names).sort()).toEqual(['A!?& ?!!!', 'A;$= !!!!']);
    const taken = 'LicenseRef-See-the-file-f944c66f299f36f05421a266ead5a97f';
    expect(
      explained([
        { kind: 'name', name: 'See (the) file' },
        { kind: 'expression', expression: taken },
      ]),
    ).toEqual(['See (the) file']);
  });

  it('lets no name of a file add a fact', () => {
    const path = '/srv/x\nnx-nixpack:coverage:npm=complete';
    const document = write({ ...sample(), problems: [{ path, message: 'is broken' }] });
    const { comment = '' } = document;
    expect(comment.split('\n').filter((line) => line.includes('/srv/x'))).toEqual([
      'nx-nixpack:problem=/srv/x\\u000anx-nixpack:coverage:npm=complete: is broken',
    ]);
  });

  it.each([
    ['The Team', 'Organization: The Team'],
    ['Ann (at home)', 'Organization: Ann at home'],
    ['()', 'NOASSERTION'],
    [undefined, 'NOASSERTION'],
  ])('writes the supplier %j as %j', (supplier, expected) => {
    const graph = sample();
    const packages = graph.packages.map(({ supplier: _, ...one }) =>
      supplier === undefined ? one : { ...one, supplier },
    );
    expect(write({ ...graph, packages }).packages[1]?.['supplier']).toBe(expected);
  });

  it('keeps packages apart whose names differ only in what an identifier cannot hold', () => {
    expect(spdxId('pkg:npm/a_b@1')).not.toBe(spdxId('pkg:npm/a-b@1'));
    expect(spdxId('pkg:npm/%40acme/é_b@1+2')).toMatch(/^SPDXRef-npm-acme-b-1-2-[0-9a-f]{32}$/);
  });

  it('knows which identifiers of the list are young', () => {
    const ids = new Set([...current, ...deprecated]);
    expect([...YOUNG_IDS].filter((id) => !ids.has(id))).toEqual([]);
    // A newer list has more: put them into YOUNG_IDS, then raise the number.
    expect(ids.size - YOUNG_IDS.size).toBe(673);
  });
});
