import type { Field } from './shape.js';

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
