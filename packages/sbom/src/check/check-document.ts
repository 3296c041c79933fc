import { byteStringOf, decodeText, type JsonObject, type Problem } from '@nx-nixpack/base';
import { objectOf } from '../json-object.js';
import { schemaProblems } from './compiled-schema.js';

/** More would only bury the first. */
const MAX_PROBLEMS = 50;

export interface DocumentKind {
  /** As a reader calls it, e.g. `SPDX`. */
  readonly kind: string;
  /** Name of its schema in generated/. */
  readonly schema: string;
}

/** What the schema says against a document; when that is nothing, what `further` finds that a schema cannot say. */
export function checkDocument(
  document: Uint8Array,
  { kind, schema }: DocumentKind,
  further: (value: JsonObject) => readonly Problem[],
): Problem[] {
  const value = parse(document);
  if (value === undefined) return [documentProblem(kind, '/', 'is not a JSON object in UTF-8')];
  const wrong = schemaProblems(schema, value);
  // What the schema does not accept has no dependable shape to look into.
  const found =
    wrong.length > 0
      ? wrong.map(({ pointer, message }) => documentProblem(kind, pointer, message))
      : further(value);
  return found.slice(0, MAX_PROBLEMS);
}

export function documentProblem(kind: string, place: string, message: string): Problem {
  return {
    code: 'SBOM_INVALID',
    message: `${kind} document is not valid: ${place} ${message}`,
    hint: 'Report this as a bug together with the document.',
  };
}

/** Every value that an earlier one equals. */
export function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
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
