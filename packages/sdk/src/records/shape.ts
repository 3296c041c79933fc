import { isDigest } from '@nx-nixpack/oci';

/** Says what is wrong with a value, as a sentence that begins with the place; undefined when it is right. */
export type Shape = (value: unknown, at: string) => string | undefined;

const saying =
  (fits: (value: unknown) => boolean, what: string): Shape =>
  (value, at) =>
    fits(value) ? undefined : `${at} is not ${what}`;

export const text = saying((value) => typeof value === 'string', 'a text');
export const flag = saying((value) => typeof value === 'boolean', 'true or false');
export const count = saying(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'a whole number from 0 on',
);
export const digest = saying(
  (value) => typeof value === 'string' && isDigest(value),
  'a sha256 digest',
);
export const oneOf = (...values: readonly unknown[]): Shape =>
  saying((value) => values.includes(value), values.map((one) => JSON.stringify(one)).join(' or '));

export const list =
  (shape: Shape): Shape =>
  (value, at) =>
    Array.isArray(value)
      ? first(value, (one, index) => shape(one, `${at}[${index}]`))
      : no(at, 'list');

/** Any keys, values of one shape. */
export const mapOf =
  (shape: Shape): Shape =>
  (value, at) =>
    isObject(value)
      ? first(Object.keys(value), (key) => shape(value[key], member(at, key)))
      : no(at, 'object');

/** All the keys of `required`, perhaps some of `optional`, and no other. */
export const record =
  (required: Shapes, optional: Shapes = {}): Shape =>
  (value, at) => {
    if (!isObject(value)) return no(at, 'object');
    return (
      first(Object.keys(value), (key) => unknown(key, at, required, optional)) ??
      first(Object.keys(required), (key) => required[key]?.(value[key], member(at, key))) ??
      first(Object.keys(optional), (key) =>
        Object.hasOwn(value, key) ? optional[key]?.(value[key], member(at, key)) : undefined,
      )
    );
  };

type Shapes = Readonly<Record<string, Shape>>;

function unknown(key: string, at: string, ...known: readonly Shapes[]): string | undefined {
  if (known.some((shapes) => Object.hasOwn(shapes, key))) return undefined;
  return `${member(at, key.slice(0, 100))} is unknown`;
}

const member = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);
const no = (at: string, what: string): string => `${at === '' ? 'it' : at} is no ${what}`;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function first<T>(
  values: readonly T[],
  problemOf: (value: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const problem = problemOf(value, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
