import type { DataNode } from '../formats/data-node.js';
import type { FaultText, Reading } from './reading.js';
import type { Field, Infer, Shape, Slot } from './shape.js';

/** Any value, unread. */
export const anyValue: Shape<DataNode> = { form: { kind: 'any' }, read: ({ node }) => node };

/** The same shape with a further rule: the check gives back what is wrong. It sees only values without faults. */
export const refine = <T>(
  shape: Shape<T>,
  check: (value: T, slot: Slot, reading: Reading) => FaultText | undefined,
): Shape<T> =>
  mapped(shape, (value, slot, reading) => {
    const fault = check(value, slot, reading);
    return fault ? reading.report(slot, fault) : value;
  });

/** Another type for what a shape reads. `change` sees only values without faults; it reports what it gives no value for. */
export const mapped = <T, U>(
  shape: Shape<T>,
  change: (value: T, slot: Slot, reading: Reading) => U | undefined,
): Shape<U> => ({
  ...(shape.doc !== undefined && { doc: shape.doc }),
  form: shape.form,
  read: (slot, reading) => {
    const before = reading.faults.length;
    const value = shape.read(slot, reading);
    if (value === undefined || reading.faults.length > before) return undefined;
    return change(value, slot, reading);
  },
});

/** The shape for a value that was brought into another form first: short spellings of a long one. */
export const rewritten = <T>(shape: Shape<T>, rewrite: (slot: Slot) => Slot): Shape<T> => ({
  ...shape,
  read: (slot, reading) => shape.read(rewrite(slot), reading),
});

/** The first of the shapes that takes the value; when none does, what the last one says. */
export const either = <S extends readonly [Field, ...Field[]]>(
  ...shapes: S
): Shape<Infer<S[number]>> => ({
  form: { kind: 'either', shapes },
  read: (slot, reading) => {
    for (const shape of shapes) {
      const trial = reading.apart();
      const value = shape.read(slot, trial);
      if (trial.faults.length === 0) return value as Infer<S[number]>;
    }
    return shapes.at(-1)?.read(slot, reading) as Infer<S[number]> | undefined;
  },
});
