import { baseName } from '@nx-nixpack/base';
/** White space as Unicode defines it, for a character class. JavaScript's `\s` lacks U+0085 and has U+FEFF besides. */
export const WHITE =
  '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const EDGES = new RegExp(`^[${WHITE}]+|[${WHITE}]+$`, 'g');
const WHITE_RUN = new RegExp(`[${WHITE}]+`);

/** The text without white space at both ends. A byte order mark stays. */
export const trimmed = (text: string): string => text.replace(EDGES, '');

/** The words between runs of white space. */
export const words = (text: string): readonly string[] =>
  trimmed(text)
    .split(WHITE_RUN)
    .filter((word) => word !== '');

/** Lines without their ends; a final line feed ends the last line. */
export const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

/** A decimal integer with an optional plus sign, at most `max`; undefined for anything else, also for white space around it. */
export function parseInteger(text: string, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (!/^\+?[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** The file name of a path without its last extension. */
export function stemOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
