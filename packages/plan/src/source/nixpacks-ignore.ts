/**
 * An ignore file's text in git's grammar, for what nixpacks reads in it: its matcher takes `{a,b}` for alternatives,
 * and a lone `!` for "keep everything".
 */
export function asNixpacksReads(text: string): string {
  return text.split('\n').flatMap(lineAlternatives).join('\n');
}

/** Braces that are not escaped and not nested. */
const BRACES = /^((?:[^\\{}]|\\.)*)\{((?:[^\\{}]|\\.)*)\}(.*)$/s;

function lineAlternatives(line: string): readonly string[] {
  if (line.trimEnd() === '!') return ['!*'];
  if (line.startsWith('#')) return [line];
  const [, before, inside, after] = BRACES.exec(line) ?? [];
  if (before === undefined || inside === undefined || after === undefined) return [line];
  return inside.split(',').flatMap((each) => lineAlternatives(`${before}${each}${after}`));
}
