import type { DefaultShape, EmptyShape, OptionalShape, Shape } from './shape.js';

/** The key may be left out. */
export const optional = <T>(shape: Shape<T>): OptionalShape<T> => ({
  ...shape,
  presence: 'optional',
});

/** The key may be left out, or have no value: null, which is the same. */
export const nullable = <T>(shape: Shape<T>): OptionalShape<T> => ({
  ...shape,
  presence: 'optional',
  read: (slot, reading) => (slot.node.kind === 'null' ? undefined : shape.read(slot, reading)),
});

/** The key may be left out, and what does not fit the shape counts as left out. */
export const lenient = <T>(shape: Shape<T>): OptionalShape<T> => ({
  ...shape,
  presence: 'optional',
  read: (slot, reading) => {
    const trial = reading.apart();
    const value = shape.read(slot, trial);
    return trial.faults.length === 0 ? value : undefined;
  },
});

/** What stands for a key that is left out. */
export const withDefault = <T>(shape: Shape<T>, fallback: NoInfer<T>): DefaultShape<T> => ({
  ...shape,
  presence: 'default',
  fallback,
});

/** A map whose key may be left out: the same as an empty one. */
export const orEmpty = <T>(shape: Shape<T>): EmptyShape<T> => ({ ...shape, presence: 'empty' });

/** What the value means, one sentence for people: editors and reference pages show it. */
export const documented = <S extends Shape<unknown>>(doc: string, shape: S): S => ({
  ...shape,
  doc,
});
