import { compareText, isObject } from '@nx-nixpack/base';

/** Where editors find what the file may hold. */
const SCHEMA = './node_modules/nx-nixpack/nixpack.lock.schema.json';

/** The same lock, the same text: keys are sorted by their bytes, one value a line, so that differences are short. */
export const lockText = (lock: object): string =>
  `${JSON.stringify(sorted({ $schema: SCHEMA, ...lock }), undefined, 2)}\n`;

function sorted(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
