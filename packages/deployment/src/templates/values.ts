import type { Target } from '../component.js';

/** The values that templates may use of a target: its name, and the parts of its context that are text, numbers or flags. */
export function targetValues(
  target: Pick<Target, 'name' | 'context'>,
): ReadonlyMap<string, string> {
  const values = new Map([['target', target.name]]);
  for (const [key, value] of Object.entries(target.context))
    if (['string', 'number', 'boolean'].includes(typeof value))
      values.set(`context.${key}`, String(value));
  return values;
}
