import { didYouMean, quote } from '@nx-nixpack/base';
import type { MapEntry, MapNode } from '../formats/data-node.js';
import { camelCase, type CamelCase } from './camel-case.js';
import { entriesIn, slotOf } from './collections.js';
import type { Reading } from './reading.js';
import type { DefaultShape, Field, Infer, OptionalShape, Shape, Slot } from './shape.js';

export type Fields = Readonly<Record<string, Field>>;

type MayLack<F extends Fields> = {
  [K in keyof F]: F[K] extends OptionalShape<unknown> ? K : never;
}[keyof F];

/** The value of a struct: keys that may be absent are optional, those with a default are not. */
export type StructOf<F extends Fields> = Flat<
  { readonly [K in Exclude<keyof F, MayLack<F>>]: Infer<F[K]> } & {
    readonly [K in MayLack<F>]?: Infer<F[K]>;
  }
>;
/** The same, its keys in camelCase. */
export type CamelStructOf<F extends Fields> = CamelKeys<StructOf<F>>;
type CamelKeys<T> = { readonly [K in keyof T as K extends string ? CamelCase<K> : K]: T[K] };
type Flat<T> = { readonly [K in keyof T]: T[K] };

export interface StructRule {
  /** Keys that no field names: refused with a suggestion (default), or skipped unread. */
  readonly unknown?: 'refuse' | 'skip';
  /** Other spellings of keys. A key and its alias count as the same key given twice. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** A map with these keys, each at most once; those that are neither optional nor have a default must be there. */
export const struct = <F extends Fields>(fields: F, rule: StructRule = {}): Shape<StructOf<F>> => ({
  form: { kind: 'struct', fields, open: rule.unknown === 'skip' },
  read: fieldReader(fields, rule, (key) => key),
});

/** The same for what people write: its keys are snake_case in the file and camelCase in the value. */
export const settings = <F extends Fields>(
  fields: F,
  rule: StructRule = {},
): Shape<CamelStructOf<F>> => ({
  form: { kind: 'struct', fields, open: rule.unknown === 'skip' },
  read: fieldReader(fields, rule, camelCase),
});

/** What is the same for every value that a struct reads. */
interface Struct {
  readonly fields: readonly {
    readonly key: string;
    readonly name: string;
    readonly shape: Field;
  }[];
  /** The key of a field by each of its spellings. */
  readonly keys: ReadonlyMap<string, string>;
  readonly rule: StructRule;
}

function fieldReader<T>(
  shapes: Fields,
  rule: StructRule,
  nameOf: (key: string) => string,
): Shape<T>['read'] {
  const fields = Object.entries(shapes).map(([key, shape]) => ({ key, name: nameOf(key), shape }));
  const own = fields.map(({ key }): [string, string] => [key, key]);
  const keys = new Map([...own, ...Object.entries(rule.aliases ?? {})]);
  return (slot, reading) => readFields<T>({ fields, keys, rule }, slot, reading);
}

function readFields<T>(struct: Struct, slot: Slot, reading: Reading): T | undefined {
  const entries = entriesIn(slot, reading);
  if (entries === undefined) return undefined;
  const found = fieldsIn(struct, entries, slot, reading);
  const value: Record<string, unknown> = {};
  for (const { key, name, shape } of struct.fields) {
    const entry = found.get(key);
    const read = entry
      ? shape.read(slotOf(entry, slot), reading)
      : absent(key, shape, slot, reading);
    if (read !== undefined) value[name] = read;
  }
  return value as T;
}

function fieldsIn(
  { fields, keys, rule }: Struct,
  entries: MapNode['entries'],
  slot: Slot,
  reading: Reading,
): ReadonlyMap<string, MapEntry> {
  const found = new Map<string, MapEntry>();
  for (const entry of entries) {
    const key = keys.get(entry.key);
    if (key === undefined) {
      const known = fields.map((field) => field.key);
      if (rule.unknown !== 'skip') unknownKey(entry, known, slot, reading);
    } else if (found.has(key)) repeatedKey(entry, slot, reading);
    else found.set(key, entry);
  }
  return found;
}

function unknownKey(entry: MapEntry, known: readonly string[], slot: Slot, reading: Reading): void {
  const place = slot.path === undefined ? 'at the top' : `in ${reading.nameOf(slot.path)}`;
  reading.report(slotOf(entry, slot), {
    code: 'CONFIG_UNKNOWN_KEY',
    message: `Unknown key ${quote(entry.key)} ${place}`,
    hint: didYouMean(entry.key, known),
    offset: entry.offset,
  });
}

function repeatedKey(entry: MapEntry, slot: Slot, reading: Reading): void {
  reading.report(slotOf(entry, slot), {
    code: 'CONFIG_DUPLICATE_KEY',
    message: `The key ${quote(entry.key)} is given twice`,
    hint: 'Keep one of the two.',
    offset: entry.offset,
  });
}

function absent(key: string, shape: Field, slot: Slot, reading: Reading): unknown {
  if (shape.presence === 'default') return (shape as DefaultShape<unknown>).fallback;
  if (shape.presence === 'empty')
    return shape.read({ ...slot, node: { kind: 'map', entries: [], offset: slot.keyAt } }, reading);
  if (shape.presence === undefined) missingKey(key, slot, reading);
  return undefined;
}

function missingKey(key: string, slot: Slot, reading: Reading): undefined {
  return reading.report(slot, {
    code: 'CONFIG_MISSING_KEY',
    message: `${reading.nameOf(slot.path)} lacks the key ${quote(key)}`,
    hint: `Add ${key}.`,
    offset: slot.keyAt,
  });
}
