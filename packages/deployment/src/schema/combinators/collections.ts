import { didYouMean, quote } from '@nx-nixpack/base';
import {
  report,
  wrongType,
  type Checked,
  type Checker,
  type Checking,
  type Slot,
} from '../checker.js';
import { checkKey, type TextRule } from './text.js';
import type { YamlEntry, YamlMap } from '../../yaml/yaml-node.js';

export type Shape = Readonly<Record<string, Checker<unknown>>>;
export type Fields<S extends Shape> = { readonly [K in keyof S]?: Checked<S[K]> };

/** A map with these keys and no others. */
export const fields =
  <S extends Shape>(shape: S, ...required: readonly (keyof S & string)[]): Checker<Fields<S>> =>
  (slot, checking) => {
    if (slot.node.kind !== 'map') return notAMap(slot, checking);
    const found: Record<string, unknown> = {};
    for (const entry of slot.node.entries.values()) {
      const check = Object.hasOwn(shape, entry.key) ? shape[entry.key] : undefined;
      if (check) found[entry.key] = check(slotOf(entry), checking);
      else unknownKey(entry, slot, Object.keys(shape), checking);
    }
    requireKeys(slot.node, slot, required, checking);
    return found as Fields<S>;
  };

const slotOf = ({ key, keyAt, value }: YamlEntry): Slot => ({ node: value, keyAt, name: key });

const notAMap = (slot: Slot, checking: Checking): undefined =>
  wrongType(slot, checking, 'a map', 'Write keys below it, or {} for none.');

function unknownKey(
  { key, keyAt }: YamlEntry,
  { name }: Slot,
  known: readonly string[],
  checking: Checking,
): void {
  const place = name === '' ? 'at the top of the file' : `in ${quote(name)}`;
  const message = `Unknown key ${quote(key)} ${place}`;
  report(checking, 'CONFIG_UNKNOWN_KEY', keyAt, message, didYouMean(key, known));
}

export function requireKeys(
  { entries }: YamlMap,
  { keyAt, name }: Slot,
  required: readonly string[],
  checking: Checking,
): void {
  for (const key of required) if (!entries.has(key)) missingKey({ keyAt, name }, key, checking);
}

export function missingKey(
  { keyAt, name }: Pick<Slot, 'keyAt' | 'name'>,
  key: string,
  checking: Checking,
): void {
  const place = name === '' ? 'The file' : quote(name);
  const message = `${place} lacks the key ${quote(key)}`;
  report(checking, 'CONFIG_MISSING_KEY', keyAt, message, `Add ${key}.`);
}

/** An entry of a map whose keys the user chose. `value` is absent when it was wrong. */
export interface Named<T> {
  readonly name: string;
  readonly at: number;
  readonly value: T | undefined;
}

/** A map with keys of the user's choice. */
export const named =
  <T>(key: TextRule, value: Checker<T>): Checker<readonly Named<T>[]> =>
  (slot, checking) => {
    if (slot.node.kind !== 'map') return notAMap(slot, checking);
    return [...slot.node.entries.values()].map((entry) => {
      const inner = slotOf(entry);
      checkKey(inner, key, checking);
      return { name: entry.key, at: entry.keyAt, value: value(inner, checking) };
    });
  };

/** The same, as an object; only what is right is in it. */
export const record =
  <T>(key: TextRule, value: Checker<T>): Checker<Readonly<Record<string, T>>> =>
  (slot, checking) => {
    const entries = named(key, value)(slot, checking);
    const right = entries?.flatMap((entry): [string, T][] =>
      entry.value === undefined ? [] : [[entry.name, entry.value]],
    );
    return right && Object.fromEntries(right);
  };

/** A list of values of one kind. */
export const list =
  <T>(item: Checker<T>): Checker<readonly T[]> =>
  (slot, checking) => {
    const { node, name } = slot;
    if (node.kind !== 'list')
      return wrongType(slot, checking, 'a list', 'Write [a, b], or one "- a" a line.');
    return node.items.flatMap((element, index) => {
      const inner = { node: element, keyAt: element.at, name: `${name}[${index}]` };
      const value = item(inner, checking);
      return value === undefined ? [] : [value];
    });
  };

/** A list of words, each once. `least` is the number it must have. */
export const distinct =
  <W extends string>(item: Checker<W>, least = 0): Checker<readonly W[]> =>
  (slot, checking) => {
    const seen = new Set<string>();
    const once: Checker<W> = (inner, context) => {
      const value = item(inner, context);
      if (value === undefined || !seen.has(value)) return value && (seen.add(value), value);
      const message = `${quote(value)} is named twice`;
      return report(context, 'CONFIG_INVALID_VALUE', inner.node.at, message, 'Name it once.');
    };
    const values = list(once)(slot, checking);
    if (slot.node.kind !== 'list' || slot.node.items.length >= least) return values;
    const message = `${quote(slot.name)} is empty`;
    return report(
      checking,
      'CONFIG_INVALID_VALUE',
      slot.node.at,
      message,
      'Name one, or leave the key out.',
    );
  };
