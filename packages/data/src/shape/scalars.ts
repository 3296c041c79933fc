import { didYouMean, quote, type ErrorCode } from '@nx-nixpack/base';
import type { Grammar } from './grammar.js';
import { textOf, wrongType } from './nodes.js';
import type { Reading } from './reading.js';
import type { Literal, Shape, Slot } from './shape.js';

export interface TextRule {
  readonly grammar?: Grammar;
  /** What a broken grammar is called; CONFIG_INVALID_VALUE unless a name is checked. */
  readonly code?: ErrorCode;
  /** The text may be a secret in the wrong place: faults do not repeat it. */
  readonly sensitive?: boolean;
}

/** Any scalar that is text or written without quotes, as it was written: 12e4567, 1.10, 0123 and yes stay what they are. */
export const text = (rule: TextRule = {}): Shape<string> => ({
  form: { kind: 'text', ...rule.grammar?.form },
  read: (slot, reading) => {
    const value = textOf(slot.node);
    if (value === undefined)
      return wrongType(slot, reading, 'text', 'Write text; in quotes where YAML would read more.');
    const expected = rule.grammar?.(value);
    if (expected === undefined) return value;
    const { code, sensitive } = rule;
    return reading.report(slot, {
      message: notValid(slot, reading, value, sensitive),
      hint: expected,
      ...(code && { code }),
    });
  },
});

/** A key of a map is a text too, whose name is itself. */
export function notValid(
  { path }: Slot,
  reading: Reading,
  value: string,
  sensitive = false,
): string {
  const isKey = path?.step === value;
  return `${sensitive ? 'This' : quote(value)} is not a valid ${isKey ? 'name' : reading.nameOf(path)}`;
}

/** `true` or `false` without quotes; `yes` and `on` are text in YAML 1.2. */
export const flag: Shape<boolean> = {
  form: { kind: 'flag' },
  read: (slot, reading) =>
    slot.node.kind === 'boolean'
      ? slot.node.value === true
      : wrongType(slot, reading, 'true or false', 'Write true or false, without quotes.'),
};

/** A whole number, written in decimal digits alone. */
export function integer(min: number, max: number): Shape<number> {
  const hint = `Write a number from ${min} to ${max}.`;
  return {
    form: { kind: 'integer', min, max },
    read: (slot, reading) => {
      const { node } = slot;
      if (node.kind !== 'integer' && node.kind !== 'float')
        return wrongType(slot, reading, 'a number', hint);
      const written = textOf(node) ?? String(node.value);
      const value = /^(?:0|-?[1-9]\d{0,15})$/.test(written) ? Number(written) : NaN;
      if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
      return reading.report(slot, { message: notValid(slot, reading, written), hint });
    },
  };
}

/** How many of something. */
export const count = integer(0, Number.MAX_SAFE_INTEGER);

/** One of a few words, numbers or flags. */
export const oneOf = <const W extends Literal>(...words: readonly W[]): Shape<W> => ({
  form: { kind: 'words', words: () => words },
  read: (slot, reading) => {
    const { node } = slot;
    const written = textOf(node);
    const value = 'value' in node && node.kind !== 'text' ? node.value : written;
    const word = words.find((known) => known === value || known === written);
    if (word !== undefined) return word;
    if (!('value' in node) || node.kind === 'null' || node.kind === 'refused')
      return wrongType(slot, reading, 'text', 'Write text; in quotes where YAML would read more.');
    const given = written ?? String(value);
    const hint = didYouMean(given, words.map(String));
    return reading.report(slot, { message: notValid(slot, reading, given), hint });
  },
});
