import { quote } from '@nx-nixpack/base';
import type { MapEntry, MapNode } from '../formats/data-node.js';
import { keyNode, wrongType } from './nodes.js';
import { below } from './path.js';
import type { Reading } from './reading.js';
import type { Field, Shape, Slot } from './shape.js';

/** The entries of a map; reports what is none. */
export function entriesIn(slot: Slot, reading: Reading): MapNode['entries'] | undefined {
  if (slot.node.kind === 'map') return slot.node.entries;
  return wrongType(slot, reading, 'a map', 'Write keys below it, or {} for none.');
}

export const slotOf = ({ key, offset, value }: MapEntry, { path }: Slot): Slot => ({
  node: value,
  keyAt: offset,
  path: below(path, key),
});

/** An entry of a map whose keys the user chose. `value` is absent when it was wrong. */
export interface Named<T> {
  readonly name: string;
  /** Offset of the key. */
  readonly at: number;
  readonly value: T;
}

/** A map with keys of the user's choice, in the order of the file. */
export const entriesOf = <T>(key: Shape<string>, value: Shape<T>): Shape<readonly Named<T>[]> => ({
  form: { kind: 'map', value: value as Field },
  read: (slot, reading) =>
    entriesIn(slot, reading)?.map((entry) => {
      const inner = slotOf(entry, slot);
      key.read({ ...inner, node: keyNode(entry.key, entry.offset) }, reading);
      return { name: entry.key, at: entry.offset, value: value.read(inner, reading) as T };
    }),
});

/** The same as an object: what is wrong is not in it, and of a repeated key the last one wins. */
export function mapOf<T>(key: Shape<string>, value: Shape<T>): Shape<Readonly<Record<string, T>>> {
  const entries = entriesOf(key, value);
  return {
    form: entries.form,
    read: (slot, reading) => {
      const right = entries.read(slot, reading)?.filter((entry) => entry.value !== undefined);
      return right && Object.fromEntries(right.map((entry) => [entry.name, entry.value]));
    },
  };
}

/** The same as a Map, which keeps the order of the file whatever its keys look like: of a repeated key the last value, at its first place. */
export const dictionary = <T>(value: Shape<T>): Shape<ReadonlyMap<string, T>> => ({
  form: { kind: 'map', value: value as Field },
  read: (slot, reading) => {
    const read = entriesIn(slot, reading)?.map(
      (entry) => [entry.key, value.read(slotOf(entry, slot), reading)] as const,
    );
    return read && new Map(read.filter((entry): entry is [string, T] => entry[1] !== undefined));
  },
});

export interface ListRule {
  /** How many elements it must have. */
  readonly least?: number;
  /** Its elements are words, each of which it may have once. */
  readonly once?: boolean;
}

/** A list of values of one kind; what is wrong is not in it. */
export const list = <T>(item: Shape<T>, rule: ListRule = {}): Shape<readonly T[]> => ({
  form: { kind: 'list', item: item as Field, least: rule.least ?? 0, once: rule.once ?? false },
  read: (slot, reading) => {
    const { node, path } = slot;
    if (node.kind !== 'list')
      return wrongType(slot, reading, 'a list', 'Write [a, b], or one "- a" a line.');
    const seen = rule.once ? new Set<unknown>() : undefined;
    const values = node.items.flatMap((element, index): T[] => {
      const inner = { node: element, keyAt: element.offset, path: below(path, index) };
      const value = item.read(inner, reading);
      return value === undefined || isRepeated(value, seen, inner, reading) ? [] : [value];
    });
    if (node.items.length >= (rule.least ?? 0)) return values;
    const message = `${reading.nameOf(path)} is empty`;
    return reading.report(slot, { message, hint: 'Name one, or leave the key out.' });
  },
});

function isRepeated(
  value: unknown,
  seen: Set<unknown> | undefined,
  slot: Slot,
  reading: Reading,
): boolean {
  if (seen === undefined) return false;
  const repeated = seen.has(value);
  seen.add(value);
  if (repeated)
    reading.report(slot, {
      message: `${quote(String(value))} is named twice`,
      hint: 'Name it once.',
    });
  return repeated;
}
