const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word for a POSIX shell that is taken as it is; in quotes only where it must be, unless `always`. */
export function quoteWord(word: string, always = false): string {
  if (!always && PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
