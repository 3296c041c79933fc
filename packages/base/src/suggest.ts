/** More candidates are not looked at: a suggestion is a courtesy and must not cost time. */
const MAX_CANDIDATES = 5000;

/** The known names nearest to a misspelt one, all that are equally near; empty when none is. Case, `_` and `-` weigh nothing. */
export function nearest(name: string, known: Iterable<string>): readonly string[] {
  const limit = name.length <= 4 ? 1 : name.length <= 8 ? 2 : 3;
  let best = limit;
  let found: string[] = [];
  let seen = 0;
  for (const candidate of known) {
    if ((seen += 1) > MAX_CANDIDATES) break;
    const distance = spellingDistance(name, candidate, best);
    if (distance > best || (distance > 0 && distance >= name.length)) continue;
    if (distance < best) found = [];
    best = distance;
    found.push(candidate);
  }
  return found;
}

/** One sentence that names the nearest known names, or all of them when there are few and none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near.length > 0) return `Did you mean ${near.slice(0, 3).join(' or ')}?`;
  if (known.length === 0) return 'There is none; add it first.';
  const more = known.length > 20 ? ', …' : '';
  return `Use one of: ${known.slice(0, 20).join(', ')}${more}.`;
}

function spellingDistance(name: string, candidate: string, limit: number): number {
  if (fold(name) === fold(candidate)) return 0;
  if (Math.abs(name.length - candidate.length) > limit) return limit + 1;
  return editDistance(name, candidate);
}

const fold = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');

/** Insertions, deletions, replacements and swaps of neighbors that turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1)
      current.push(cheapest(a, b, row, column, [before, above, current]));
    before = above;
    above = current;
  }
  return above[b.length] ?? 0;
}

function cheapest(
  a: string,
  b: string,
  row: number,
  column: number,
  [before, above, current]: readonly [number[], number[], number[]],
): number {
  const at = (line: readonly number[], index: number): number => line[index] ?? Infinity;
  const replaced = at(above, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
  const cost = Math.min(at(above, column) + 1, at(current, column - 1) + 1, replaced);
  const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return row > 1 && column > 1 && swapped ? Math.min(cost, at(before, column - 2) + 1) : cost;
}
