import { type JsonObject, type Problem } from '@nx-nixpack/base';
import { objectsOf } from '../json-object.js';
import { isExpression } from '../licenses.js';
import { isPackageUrl } from '../package-url.js';
import { checkDocument, documentProblem, repeated } from './check-document.js';

const DOCUMENT = 'SPDXRef-DOCUMENT';

const problem = (place: string, message: string): Problem =>
  documentProblem('SPDX', place, message);

/**
 * Checks an SPDX 2.3 JSON document of ours: the schema, and what a schema cannot say (identifiers that are not repeated and
 * exist, one package that the document describes, licenses of the SPDX list or explained, package URLs that parse).
 */
export function checkSpdx(document: Uint8Array): Problem[] {
  return checkDocument(document, { kind: 'SPDX', schema: 'spdx-2.3' }, (spdx) => [
    ...identifiers(spdx),
    ...described(spdx),
    ...licenses(spdx),
    ...packageUrls(spdx),
  ]);
}

function identifiers(spdx: JsonObject): Problem[] {
  const defined = [DOCUMENT, ...objectsOf(spdx['packages']).map((one) => String(one['SPDXID']))];
  const known = new Set(defined);
  const used = objectsOf(spdx['relationships']).flatMap((one) => [
    String(one['spdxElementId']),
    String(one['relatedSpdxElement']),
  ]);
  return [
    ...repeated(defined).map((id) => problem(id, 'is the identifier of two elements')),
    ...used
      .filter((id) => !known.has(id))
      .map((id) => problem(id, 'is referred to and does not exist')),
  ];
}

function described(spdx: JsonObject): Problem[] {
  const count = objectsOf(spdx['relationships']).filter(
    (one) => one['relationshipType'] === 'DESCRIBES' && one['spdxElementId'] === DOCUMENT,
  ).length;
  return count === 1 ? [] : [problem(DOCUMENT, `describes ${count} packages instead of one`)];
}

function licenses(spdx: JsonObject): Problem[] {
  const infos = objectsOf(spdx['hasExtractedLicensingInfos']);
  const explained = infos.map((one) => String(one['licenseId']));
  const known = new Set(explained);
  return [
    ...repeated(explained).map((id) => problem(id, 'is explained twice')),
    ...objectsOf(spdx['packages']).flatMap((one) =>
      licenseProblems(String(one['SPDXID']), String(one['licenseDeclared']), known),
    ),
  ];
}

function licenseProblems(place: string, text: string, known: ReadonlySet<string>): Problem[] {
  if (text === 'NOASSERTION') return [];
  if (!isExpression(text)) return [problem(place, `has the license ${text}, which is not one`)];
  const references = text.match(/(?:DocumentRef-[^\s():]+:)?LicenseRef-[^\s()]+/g) ?? [];
  return references
    .filter((reference) => !known.has(reference))
    .map((reference) => problem(place, `has the license ${reference}, which is not explained`));
}

const packageUrls = (spdx: JsonObject): Problem[] =>
  objectsOf(spdx['packages']).flatMap((one) =>
    objectsOf(one['externalRefs'])
      .map((reference) => String(reference['referenceLocator']))
      .filter((locator) => !isPackageUrl(locator))
      .map((locator) =>
        problem(String(one['SPDXID']), `has the package URL ${locator}, which is not one`),
      ),
  );
