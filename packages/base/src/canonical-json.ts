import { compareText } from './byte-string.js';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JSON with the keys of every object sorted by bytes, two spaces, a final newline: equal values, equal bytes. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => compareText(a, b));
  // A null prototype, so that a key named __proto__ stays an ordinary key.
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of entries) result[key] = sorted(member);
  return result;
}
