import { compareText } from '@nx-nixpack/base';

/** The names that a misspelt one may have meant, nearest first: at most three, at most a third of it different. */
export function nearestNames(wrong: string, names: Iterable<string>): readonly string[] {
  const limit = Math.max(2, Math.floor(wrong.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: distance(wrong, name) }))
    .filter((each) => each.distance <= limit)
    .sort((a, b) => a.distance - b.distance || compareText(a.name, b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
