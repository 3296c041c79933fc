import { join } from 'node:path';
import { uniqueItems } from './unique-items.js';

/** What is wrong at one place of a document: a JSON pointer and a sentence. */
export interface SchemaProblem {
  readonly pointer: string;
  readonly message: string;
}

interface CompiledSchema {
  (document: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

/** Formats of the schema. `iri-reference` and mail addresses are checked as far as a typing mistake would show. */
const FORMATS = {
  'date-time': (text: string): boolean =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/.test(text),
  'idn-email': (text: string): boolean => /^[^\s@]+@[^\s@]+$/.test(text),
  'iri-reference': (text: string): boolean => /^[^\s<>"{}|\\^`]*$/.test(text),
  uri: (text: string): boolean => /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(text),
};

/** ajv's two run-time functions, so that ajv itself is needed only to compile the schema. */
const RUNTIME: Readonly<Record<string, { readonly default: unknown }>> = {
  'ajv/dist/runtime/equal': { default: (a: unknown, b: unknown): boolean => !uniqueItems([a, b]) },
  'ajv/dist/runtime/ucs2length': { default: (text: string): number => [...text].length },
};

const loaded = new Map<string, CompiledSchema>();

/** What a schema of generated/ says against a parsed document; empty when it is valid. */
export function schemaProblems(schema: string, document: unknown): SchemaProblem[] {
  const compiled = loaded.get(schema) ?? load(schema);
  loaded.set(schema, compiled);
  if (compiled(document)) return [];
  return (compiled.errors ?? []).map(({ instancePath, message }) => ({
    pointer: instancePath || '/',
    message: message ?? 'is not valid',
  }));
}

/** The schema that the package's `prepare` script compiled; the path is the same from src and from dist. */
function load(schema: string): CompiledSchema {
  const file = join(__dirname, '..', '..', 'generated', `${schema}.cjs`);
  type Factory = (
    unique: typeof uniqueItems,
    formats: typeof FORMATS,
    find: (name: string) => unknown,
  ) => CompiledSchema;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- made by a script, loaded only when a document is checked
  const factory = require(file) as Factory;
  return factory(uniqueItems, FORMATS, (name) => RUNTIME[name]);
}
