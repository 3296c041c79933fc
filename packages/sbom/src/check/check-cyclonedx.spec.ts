import { memoryTree } from '@nx-nixpack/base';
import { catalogImage } from '../catalog-image.js';
import { cyclonedxJson } from '../formats/cyclonedx.js';
import { ABOUT, SAMPLE } from '../catalog-image.sample.js';
import { checkCyclonedx } from './check-cyclonedx.js';

interface Document {
  components: Record<string, unknown>[];
  dependencies: { ref: string; dependsOn?: string[] }[];
  compositions: { aggregate: string; assemblies: string[] }[];
  [key: string]: unknown;
}

const sample = (): Document =>
  JSON.parse(
    Buffer.from(cyclonedxJson.write(catalogImage(memoryTree(SAMPLE), ABOUT))).toString(),
  ) as Document;
const check = (change: (document: Document) => void): string[] => {
  const document = sample();
  change(document);
  return checkCyclonedx(Buffer.from(JSON.stringify(document))).map((problem) => problem.message);
};
const first = (document: Document): Record<string, unknown> => document.components[0] ?? {};

describe('checkCyclonedx', () => {
  it('finds nothing wrong with what we write', () => {
    expect(check(() => undefined)).toEqual([]);
  });

  it.each<[string, (document: Document) => void, RegExp]>([
    ['an unknown key', (document) => (document['surprise'] = 1), /additional properties/],
    [
      'a missing key',
      (document) => delete first(document)['name'],
      /\/components\/0 must have required property 'name'/,
    ],
    ['a wrong type', (document) => (document['version'] = 'one'), /\/version must be integer/],
    [
      'a wrong value',
      (document) => (first(document)['type'] = 'thing'),
      /equal to one of the allowed values/,
    ],
    [
      'a wrong pattern',
      (document) => (document['serialNumber'] = 'urn:uuid:1'),
      /must match pattern/,
    ],
    [
      'a wrong date',
      (document) => (document['metadata'] = { timestamp: 'yesterday' }),
      /must match format "date-time"/,
    ],
    [
      'an unknown license identifier',
      (document) => (first(document)['licenses'] = [{ license: { id: 'BSD-3-clause-Sun' } }]),
      /licenses/,
    ],
    [
      'two equal components',
      (document) => document.components.push({ ...first(document) }),
      /must not contain equal items/,
    ],
    [
      'a repeated reference',
      (document) => document.components.push({ ...first(document), name: 'other' }),
      /is the reference of two components/,
    ],
    [
      'dependencies listed twice',
      (document) =>
        document.dependencies.push({ ref: document.dependencies[0]?.ref ?? '', dependsOn: [] }),
      /has its dependencies listed twice/,
    ],
    [
      'a dangling dependency',
      (document) => document.dependencies[0]?.dependsOn?.push('pkg:npm/gone@1'),
      /pkg:npm\/gone@1 is referred to and does not exist/,
    ],
    [
      'a dangling composition',
      (document) => document.compositions[0]?.assemblies.push('pkg:npm/gone@1'),
      /is referred to and does not exist/,
    ],
    [
      'an expression that is none',
      (document) => (first(document)['licenses'] = [{ expression: 'MIT OR' }]),
      /license expression MIT OR/,
    ],
    [
      'a package URL that is none',
      (document) => (first(document)['purl'] = 'pkg:npm'),
      /package URL pkg:npm/,
    ],
  ])('notices %s', (_, change, message) => {
    expect(check(change)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['no object', Buffer.from('[]')],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('refuses what is %s', (_, bytes) => {
    expect(checkCyclonedx(bytes)).toMatchObject([{ code: 'SBOM_INVALID' }]);
  });
});
