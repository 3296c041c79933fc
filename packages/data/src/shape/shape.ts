import type { DataNode } from '../formats/data-node.js';
import type { Path } from './path.js';
import type { Reading } from './reading.js';

/** A value and where it stands. */
export interface Slot {
  readonly node: DataNode;
  /** Offset of its key; of the value itself when it has no key. */
  readonly keyAt: number;
  readonly path: Path;
}

/**
 * What a value may be: reads it into its type, collects what is wrong with it, and knows its form, default and meaning, so that
 * a JSON schema and a reference page are derived from it. The one description that a setting or a record has.
 */
export interface Shape<T> {
  /** The value in its type. Undefined when it could not be read, which has been reported then, or when an optional one is absent. */
  readonly read: (slot: Slot, reading: Reading) => T | undefined;
  readonly form: Form;
  /** What it means, one sentence for people. */
  readonly doc?: string;
}

/** Its key may be left out; the value then lacks it. */
export interface OptionalShape<T> extends Shape<T> {
  readonly presence: 'optional';
}

/** Its key may be left out; `fallback` then stands for it. */
export interface DefaultShape<T> extends Shape<T> {
  readonly presence: 'default';
  readonly fallback: T;
}

/** Its key may be left out, which is the same as an empty map: what is below it has its own defaults. */
export interface EmptyShape<T> extends Shape<T> {
  readonly presence: 'empty';
}

export type Field = Shape<unknown> & { readonly presence?: 'optional' | 'default' | 'empty' };

/** What a shape looks like from outside: all that a JSON schema or a reference page needs to know. */
export type Form =
  | { readonly kind: 'text'; readonly pattern?: string; readonly maxLength?: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  /** Asked when they are needed: where they come from may take time to load. */
  | { readonly kind: 'words'; readonly words: () => readonly Literal[] }
  | { readonly kind: 'list'; readonly item: Field; readonly least: number; readonly once: boolean }
  | { readonly kind: 'map'; readonly value: Field }
  | {
      readonly kind: 'struct';
      readonly fields: Readonly<Record<string, Field>>;
      readonly open: boolean;
    }
  | { readonly kind: 'either'; readonly shapes: readonly Field[] }
  | { readonly kind: 'any' };

export type Literal = string | number | boolean;

/** The type that a shape reads. */
export type Infer<S> = S extends Shape<infer T> ? T : never;

/** What a reading gives although it found faults: any part of the value may be missing. */
export type Draft<T> = T extends string | number | boolean | bigint | null | undefined
  ? T
  : T extends readonly (infer E)[]
    ? readonly Draft<E>[]
    : { readonly [K in keyof T]?: Draft<T[K]> };
