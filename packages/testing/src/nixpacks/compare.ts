import { isObject } from '@nx-nixpack/base';
/** Where two plain values differ, one line a place; empty when they are equal. Lists are compared in order, maps by key. */
export function differences(actual: unknown, expected: unknown, path = '$'): readonly string[] {
  if (isObject(actual) && isObject(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return keys.flatMap((key) => differences(actual[key], expected[key], `${path}.${key}`));
  }
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length === expected.length) {
    return expected.flatMap((item, index) => differences(actual[index], item, `${path}[${index}]`));
  }
  if (Object.is(actual, expected)) return [];
  return [`${path}: expected ${shown(expected)}, got ${shown(actual)}`];
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
