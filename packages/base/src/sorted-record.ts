import { compareText } from './byte-string.js';

/** A record with its keys in byte order. Its prototype is null, so that a key such as `__proto__` is a plain key. */
export function byKey<T, U = T>(
  entries: Iterable<readonly [string, T]>,
  change: (value: T, key: string) => U = (value) => value as unknown as U,
): Readonly<Record<string, U>> {
  const result = Object.create(null) as Record<string, U>;
  const sorted = [...entries].sort(([a], [b]) => compareText(a, b));
  for (const [key, value] of sorted) result[key] = change(value, key);
  return result;
}
