export { camelCase } from './camel-case.js';
export type { CamelCase } from './camel-case.js';
export { dictionary, entriesOf, list, mapOf } from './collections.js';
export type { ListRule, Named } from './collections.js';
export { anyValue, either, mapped, refine, rewritten } from './derived.js';
export { pattern } from './grammar.js';
export type { Grammar } from './grammar.js';
export { jsonSchemaOf } from './json-schema.js';
export type { JsonSchema } from './json-schema.js';
export { nodeOf, textOf, wrongType } from './nodes.js';
export { below, byKey, byPath, stepsOf } from './path.js';
export type { Naming, Path } from './path.js';
export { documented, lenient, nullable, optional, orEmpty, withDefault } from './presence.js';
export { readOrThrow, readShape } from './read-shape.js';
export type { ShapeResult } from './read-shape.js';
export { contextKey, Reading } from './reading.js';
export type { ContextKey, Fault, FaultText, ReadingOptions } from './reading.js';
export { count, flag, integer, notValid, oneOf, text } from './scalars.js';
export type { TextRule } from './scalars.js';
export type {
  DefaultShape,
  Draft,
  EmptyShape,
  Field,
  Form,
  Infer,
  Literal,
  OptionalShape,
  Shape,
  Slot,
} from './shape.js';
export { settings, struct } from './struct.js';
export type { CamelStructOf, Fields, StructOf, StructRule } from './struct.js';
