import type { Evidence, Hash, Package, PackageGraph } from '../package-graph.js';
import { type Fact, packageFacts } from './graph-facts.js';
import { spdxHash } from './spdx-hash.js';
import type { LicenseReferences } from './spdx-licenses.js';

const ALGORITHMS: Readonly<Record<Hash['algorithm'], string>> = {
  md5: 'MD5',
  'sha-1': 'SHA1',
  'sha-256': 'SHA256',
  'sha-512': 'SHA512',
};

/** Identifiers may hold letters, digits, dots and hyphens alone, so the hash of the package URL keeps them apart. */
export function spdxId(purl: string): string {
  const [words = ''] = purl.replace(/^pkg:/, '').split('?');
  const readable = decodeURIComponent(words).replace(/[^A-Za-z0-9.]+/g, '-');
  return `SPDXRef-${readable.slice(0, 80)}-${spdxHash(purl)}`;
}

/** The image itself. */
export function subjectElement({ name, digest, purl }: PackageGraph['subject']): object {
  return element({
    name,
    purl,
    version: digest,
    purpose: 'CONTAINER',
    license: 'NOASSERTION',
    checksums: checksumsOf([{ algorithm: 'sha-256', hex: digest.replace('sha256:', '') }]),
  });
}

export function packageElement(one: Package, references: LicenseReferences): object {
  const comment = factLines(packageFacts(one));
  return element({
    name: one.name,
    purl: one.purl,
    version: one.version,
    purpose: one.type === 'generic' ? 'APPLICATION' : 'LIBRARY',
    license: references.expression(one.licenses.declared),
    checksums: checksumsOf(one.hashes),
    supplier: one.supplier,
    description: one.description,
    sourceInfo: sourceInfo(one.evidence),
    comment,
  });
}

interface Element {
  readonly name: string;
  readonly purl: string;
  readonly version: string;
  readonly purpose: string;
  readonly license: string;
  readonly checksums: readonly object[];
  readonly supplier?: string | undefined;
  readonly description?: string | undefined;
  readonly sourceInfo?: string;
  readonly comment?: string;
}

/** Files are not listed one by one, so nothing is said of their licenses and copyright. */
const UNSAID = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
} as const;

function element(one: Element): object {
  return {
    name: one.name,
    SPDXID: spdxId(one.purl),
    ...(one.version !== '' && { versionInfo: one.version }),
    primaryPackagePurpose: one.purpose,
    supplier: supplierOf(one.supplier),
    ...UNSAID,
    licenseDeclared: one.license,
    ...(one.checksums.length > 0 && { checksums: one.checksums }),
    ...(one.description !== undefined && { description: one.description }),
    ...(one.sourceInfo !== undefined && { sourceInfo: one.sourceInfo }),
    ...(one.comment && { comment: one.comment }),
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: one.purl,
      },
    ],
  };
}

/** Parentheses would be read as a mail address. */
function supplierOf(name: string | undefined): string {
  const text = name?.replace(/[\s()]+/g, ' ').trim() ?? '';
  return text === '' ? 'NOASSERTION' : `Organization: ${text}`;
}

/** Archives of one version that differ have several hashes of one kind; only the first is written, as in every format. */
function checksumsOf(hashes: readonly Hash[]): object[] {
  const byAlgorithm = new Map<string, string>();
  for (const { algorithm, hex } of hashes)
    if (!byAlgorithm.has(algorithm)) byAlgorithm.set(algorithm, hex);
  return [...byAlgorithm].map(([algorithm, hex]) => ({
    algorithm: ALGORITHMS[algorithm as Hash['algorithm']],
    checksumValue: hex,
  }));
}

const sourceInfo = (evidence: readonly Evidence[]): string =>
  `found by ${evidence.map(({ technique, path }) => `${technique} of ${path}`).join(', ')}`;

const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const escaped = (control: string): string =>
  `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** One fact a line: whoever names a file in an image must not be able to add facts. */
export const factLines = (facts: readonly Fact[]): string =>
  facts.map(([name, value]) => `${name}=${value}`.replace(BREAKS, escaped)).join('\n');
