import { jsonSchemaOf, type DefaultShape, type Field, type JsonSchema } from '@nx-nixpack/data';
import { deploymentFile } from './schema/file.js';
import type { KnownNames } from './schema/known-names.js';
import { PLACES_OF_SECTIONS, sections, type Section } from './schema/sections.js';
import { UNSUPPORTED, type Unsupported } from './unsupported.js';

/** One key of a deployment file, as its reference page says it; all of it comes from the schema and the list of what is not built. */
export interface ReferenceRow {
  readonly key: string;
  /** What may be written. */
  readonly value: string;
  readonly meaning: string;
  /** Empty when all of it is carried out. */
  readonly built: string;
}

/** The rows of every table of docs/deployment-file.md, by section. */
export function referenceTables(
  names: KnownNames,
): Readonly<Record<string, readonly ReferenceRow[]>> {
  const rows = Object.entries(sections(names)).map(([name, shape]) => {
    const section = name as Section;
    return [section, fieldsOf(shape).map((field) => rowOf(section, field))] as const;
  });
  return Object.fromEntries(rows);
}

/** The JSON schema of a deployment file, for editors. It accepts more than the loader does. */
export const deploymentJsonSchema = (names: KnownNames): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Deployment file of nx-nixpack',
  ...jsonSchemaOf(deploymentFile(names)),
});

const fieldsOf = ({ form }: Field): readonly (readonly [string, Field])[] =>
  form.kind === 'struct' ? Object.entries(form.fields) : [];

function rowOf(section: Section, [key, shape]: readonly [string, Field]): ReferenceRow {
  const value = valueText(shape);
  return {
    key,
    value: shape.presence === undefined ? `${value}, required` : value,
    meaning: [meaningOf(key, shape), defaultText(shape)].filter(Boolean).join('; '),
    built: builtText([...PLACES_OF_SECTIONS[section], key]),
  };
}

const meaningOf = (key: string, { doc }: Field): string => doc ?? `See [${key}](#${key})`;

function defaultText(shape: Field): string {
  if (shape.presence !== 'default') return '';
  const { fallback } = shape as DefaultShape<unknown>;
  if (typeof fallback !== 'object' || fallback === null) return `default \`${String(fallback)}\``;
  const values = Object.values(fallback);
  return values.length === 0 ? '' : `default \`[${values.join(', ')}]\``;
}

/** More words than that are a list of their own. */
const MOST_WORDS = 8;

function valueText({ form }: Field): string {
  switch (form.kind) {
    case 'text':
      return 'text';
    case 'flag':
      return '`true` or `false`';
    case 'integer':
      return `number from ${form.min} to ${form.max}`;
    case 'words': {
      const words = form.words();
      return words.length > MOST_WORDS ? 'name' : words.map((word) => `\`${word}\``).join(', ');
    }
    case 'list':
      return `list of ${valueText(form.item)}`;
    case 'map':
      return `map of ${valueText(form.value)}`;
    case 'struct':
      return 'map';
    case 'either':
      return form.shapes.map(valueText).join(' or ');
    case 'any':
      return 'anything';
  }
}

function builtText(place: readonly string[]): string {
  const here = UNSUPPORTED.filter(({ at }) => at.join('/') === place.join('/'));
  const said = (kind: Unsupported['kind'], what: string): string[] => {
    const found = here.filter((one) => one.kind === kind);
    const values = found.flatMap(({ value }) => (value === undefined ? [] : [`\`${value}\``]));
    if (found.length === 0) return [];
    return [values.length === 0 ? what : `${what}: ${values.join(', ')}`];
  };
  return [...said('refused', 'not yet'), ...said('unread', 'kept, not read')].join('; ');
}
