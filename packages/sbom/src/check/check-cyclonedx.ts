import { type Problem, decodeText, byteStringOf } from '@nx-nixpack/base';
import { SPDX } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import { type JsonObject, listOf, objectOf, objectsOf, textOf } from '../json-object.js';
import { isExpression } from '../licenses.js';
import { schemaProblems } from './cyclonedx-schema.js';

/** More would only bury the first. */
const MAX_PROBLEMS = 50;

/**
 * Checks a CycloneDX 1.6 JSON document: the schema, and what a schema cannot say (references that lead somewhere and
 * are not repeated, licenses of the SPDX list, expressions and package URLs that parse).
 */
export function checkCyclonedx(document: Uint8Array): Problem[] {
  const bom = parse(document);
  if (bom === undefined) return [problem('/', 'is not a JSON object in UTF-8')];
  const wrong = schemaProblems(bom).map(({ pointer, message }) => problem(pointer, message));
  // What the schema does not accept has no dependable shape to look into.
  const found =
    wrong.length > 0 ? wrong : [...references(bom), ...components(bom).flatMap(componentProblems)];
  return found.slice(0, MAX_PROBLEMS);
}

function parse(document: Uint8Array): JsonObject | undefined {
  const text = decodeText(byteStringOf(document));
  if (text === undefined) return undefined;
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function problem(place: string, message: string): Problem {
  return {
    code: 'SBOM_INVALID',
    message: `CycloneDX document is not valid: ${place} ${message}`,
    hint: 'Report this as a bug together with the document.',
  };
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

function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
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
      .map((text) => problem(place, `has the license expression ${text}, which is none`)),
    ...(purl === undefined || isPurl(purl)
      ? []
      : [problem(place, `has the package URL ${purl}, which is none`)]),
  ];
}

function isPurl(text: string): boolean {
  try {
    PackageURL.fromString(text);
    return true;
  } catch {
    return false;
  }
}
