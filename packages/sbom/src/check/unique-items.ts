/** Whether no two items of a list are equal JSON, in time linear in its length (ajv's own check compares every pair). */
export function uniqueItems(items: readonly unknown[]): boolean {
  if (items.length < 2) return true;
  const seen = new Map<number, unknown[]>();
  for (const item of items) {
    const mark = fingerprint(item);
    const alike = seen.get(mark);
    if (alike === undefined) seen.set(mark, [item]);
    else if (alike.some((other) => canonical(other) === canonical(item))) return false;
    else alike.push(item);
  }
  return true;
}

const { imul } = Math;

/** A number that is equal for equal JSON, whatever the order of keys; different values seldom share one. */
function fingerprint(value: unknown): number {
  if (typeof value !== 'object' || value === null)
    return textMark(String(value), typeof value === 'string' ? 1 : 2);
  if (Array.isArray(value))
    return value.reduce<number>((mark, item) => mix(mark, fingerprint(item)), 3);
  let sum = 4;
  for (const key in value) {
    sum = (sum + mix(textMark(key, 5), fingerprint((value as Record<string, unknown>)[key]))) | 0;
  }
  return sum;
}

function textMark(text: string, seed: number): number {
  let mark = seed;
  for (let at = 0; at < text.length; at++) mark = imul(mark ^ text.charCodeAt(at), 0x01000193);
  return mark;
}

const mix = (a: number, b: number): number => imul(a ^ b, 0x01000193) ^ (a >>> 15);

/** Equal text for equal JSON, whatever the order of keys. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}
