import { type JsonObject, type Problem } from '@nx-nixpack/base';
import { SPDX } from '@cyclonedx/cyclonedx-library';
import { listOf, objectOf, objectsOf, textOf } from '../json-object.js';
import { isExpression } from '../licenses.js';
import { isPackageUrl } from '../package-url.js';
import { checkDocument, documentProblem, repeated } from './check-document.js';

const problem = (place: string, message: string): Problem =>
  documentProblem('CycloneDX', place, message);

/**
 * Checks a CycloneDX 1.6 JSON document: the schema, and what a schema cannot say (references that lead somewhere and
 * are not repeated, licenses of the SPDX list, expressions and package URLs that parse).
 */
export function checkCyclonedx(document: Uint8Array): Problem[] {
  return checkDocument(document, { kind: 'CycloneDX', schema: 'cyclonedx-1.6' }, (bom) => [
    ...references(bom),
    ...components(bom).flatMap(componentProblems),
  ]);
}

/** Every component, nested ones and the subject included. */
function components(bom: JsonObject): JsonObject[] {
  const found: JsonObject[] = [];
  const pending = [objectOf(bom['metadata'])?.['component'], ...listOf(bom['components'])];
  for (const value of pending) {
    const component = objectOf(value);
    if (component === undefined) continue;
    found.push(component);
    pending.push(...listOf(component['components']));
  }
  return found;
}

function references(bom: JsonObject): Problem[] {
  const defined = components(bom).flatMap((component) => textOf(component['bom-ref']) ?? []);
  const known = new Set(defined);
  const dependencies = objectsOf(bom['dependencies']);
  const refs = dependencies.map((dependency) => String(dependency['ref']));
  const targets = dependencies.flatMap((dependency) => listOf(dependency['dependsOn']).map(String));
  const assembled = listOf(bom['compositions']).flatMap((value) => {
    const composition = objectOf(value);
    return [...listOf(composition?.['assemblies']), ...listOf(composition?.['dependencies'])].map(
      String,
    );
  });
  return [
    ...repeated(defined).map((ref) => problem(ref, 'is the reference of two components')),
    ...repeated(refs).map((ref) => problem(ref, 'has its dependencies listed twice')),
    ...[...refs, ...targets, ...assembled]
      .filter((ref) => !known.has(ref))
      .map((ref) => problem(ref, 'is referred to and does not exist')),
  ];
}

function componentProblems(component: JsonObject): Problem[] {
  const place = textOf(component['bom-ref']) ?? String(component['name']);
  const licenses = objectsOf(component['licenses']);
  const ids = licenses.flatMap((license) => textOf(objectOf(license['license'])?.['id']) ?? []);
  const expressions = licenses.flatMap((license) => textOf(license['expression']) ?? []);
  const purl = textOf(component['purl']);
  return [
    ...ids
      .filter((id) => !SPDX.isSupportedSpdxId(id))
      .map((id) => problem(place, `has the unknown license ${id}`)),
    ...expressions
      .filter((text) => !isExpression(text))
      .map((text) => problem(place, `has the license expression ${text}, which is not one`)),
    ...(purl === undefined || isPackageUrl(purl)
      ? []
      : [problem(place, `has the package URL ${purl}, which is not one`)]),
  ];
}
