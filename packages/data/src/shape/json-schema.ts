import type { DefaultShape, Field } from './shape.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a shape says, as JSON Schema (draft 7, which editors know best). Rules that only code can say are left out: it accepts more. */
export function jsonSchemaOf(shape: Field): JsonSchema {
  return {
    ...(shape.doc !== undefined && { description: shape.doc }),
    ...formSchema(shape),
    ...(shape.presence === 'default' && defaultOf(shape as DefaultShape<unknown>)),
  };
}

/** Only defaults that a file could hold. */
const defaultOf = ({ fallback }: DefaultShape<unknown>): JsonSchema =>
  fallback === undefined ? {} : { default: fallback };

function formSchema({ form }: Field): JsonSchema {
  switch (form.kind) {
    case 'text':
      return { type: TEXTS, ...patternOf(form) };
    case 'flag':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', minimum: form.min, maximum: form.max };
    case 'words':
      return { enum: form.words() };
    case 'list':
      return {
        type: 'array',
        items: jsonSchemaOf(form.item),
        ...(form.least > 0 && { minItems: form.least }),
        ...(form.once && { uniqueItems: true }),
      };
    case 'map':
      return { type: 'object', additionalProperties: jsonSchemaOf(form.value) };
    case 'struct':
      return structSchema(form.fields, form.open);
    case 'either':
      return { anyOf: form.shapes.map(jsonSchemaOf) };
    case 'any':
      return {};
  }
}

/** Text is read as it was written: an editor, which reads numbers and flags, must let them pass. */
const TEXTS = ['string', 'number', 'boolean'];

const patternOf = ({
  pattern,
  maxLength,
}: {
  pattern?: string;
  maxLength?: number;
}): JsonSchema => ({
  ...(pattern !== undefined && { pattern }),
  ...(maxLength !== undefined && { maxLength }),
});

function structSchema(fields: Readonly<Record<string, Field>>, open: boolean): JsonSchema {
  const entries = Object.entries(fields);
  const required = entries.filter(([, { presence }]) => presence === undefined);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, shape]) => [key, jsonSchemaOf(shape)])),
    ...(required.length > 0 && { required: required.map(([key]) => key) }),
    ...(!open && { additionalProperties: false }),
  };
}
