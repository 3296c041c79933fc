import { memoryTree } from '@nx-nixpack/base';
import { catalogImage } from '../catalog-image.js';
import { ABOUT, SAMPLE } from '../catalog-image.sample.js';
import { spdxJson } from '../formats/spdx.js';
import { checkSpdx } from './check-spdx.js';

interface Document {
  packages: Record<string, unknown>[];
  relationships: Record<string, unknown>[];
  [key: string]: unknown;
}

const sample = (): Document =>
  JSON.parse(
    Buffer.from(spdxJson.write(catalogImage(memoryTree(SAMPLE), ABOUT))).toString(),
  ) as Document;
const check = (change: (document: Document) => void): string[] => {
  const document = sample();
  change(document);
  return checkSpdx(Buffer.from(JSON.stringify(document))).map((problem) => problem.message);
};
const last = (document: Document): Record<string, unknown> => document.packages.at(-1) ?? {};
const edge = (document: Document): Record<string, unknown> => document.relationships.at(-1) ?? {};

describe('checkSpdx', () => {
  it('finds nothing wrong with what we write', () => {
    expect(check(() => undefined)).toEqual([]);
  });

  it.each<[string, (document: Document) => void, RegExp]>([
    ['an unknown key', (document) => (last(document)['surprise'] = 1), /additional properties/],
    ['a missing key', (document) => delete document['name'], /must have required property 'name'/],
    ['a fraction of a second', (document) => (document['creationInfo'] = created), /created/],
    [
      'a namespace with a part',
      (document) => (document['documentNamespace'] = 'https://x/#y'),
      /Namespace/,
    ],
    [
      'a hash of another length',
      (document) => (last(document)['checksums'] = checksums),
      /checksum/,
    ],
    [
      'an identifier with a plus',
      (document) => (last(document)['SPDXID'] = 'SPDXRef-a+b'),
      /SPDXID/,
    ],
    [
      'two elements with one identifier',
      (document) => document.packages.push({ ...last(document) }),
      /is the identifier of two elements/,
    ],
    [
      'a dangling relationship',
      (document) => (edge(document)['relatedSpdxElement'] = 'SPDXRef-gone'),
      /SPDXRef-gone is referred to and does not exist/,
    ],
    [
      'a relationship given twice',
      (document) => document.relationships.push({ ...edge(document) }),
      /must not contain equal items/,
    ],
    [
      'no described package',
      (document) => document.relationships.shift(),
      /describes 0 packages instead of one/,
    ],
    [
      'an identifier outside the list',
      (document) => (last(document)['licenseDeclared'] = 'BSD-3-clause-Sun'),
      /the license BSD-3-clause-Sun, which is not one/,
    ],
    [
      'an expression that is not one',
      (document) => (last(document)['licenseDeclared'] = 'MIT OR'),
      /the license MIT OR, which is not one/,
    ],
    [
      'a reference that nothing explains',
      (document) => (last(document)['licenseDeclared'] = 'MIT OR LicenseRef-x'),
      /LicenseRef-x, which is not explained/,
    ],
    [
      'a reference into another document',
      (document) => (last(document)['licenseDeclared'] = 'DocumentRef-a:LicenseRef-x'),
      /DocumentRef-a:LicenseRef-x, which is not explained/,
    ],
    [
      'a package URL that is not one',
      (document) => (last(document)['externalRefs'] = [reference]),
      /the package URL pkg:npm, which is not one/,
    ],
  ])('notices %s', (_, change, message) => {
    expect(check(change)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it('notices a license that is explained twice', () => {
    const info = { licenseId: 'LicenseRef-x', extractedText: 'x' };
    const changed = check((document) => (document['hasExtractedLicensingInfos'] = [info, info]));
    expect(changed).toEqual([expect.stringMatching(/LicenseRef-x is explained twice/)]);
  });
});

const created = { created: '2026-01-01T00:00:00.000Z', creators: ['Tool: x-1'] };
const checksums = [{ algorithm: 'SHA256', checksumValue: 'ab'.repeat(20) }];
const reference = {
  referenceCategory: 'PACKAGE-MANAGER',
  referenceType: 'purl',
  referenceLocator: 'pkg:npm',
};
