const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const STRING_OR_COMMENT = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

const blank = (comment: string): string => comment.replace(/[^\n]/g, ' ');

/** Drops comments as nixpacks does for Deno: wherever they stand, inside strings too. Positions stay the same. */
export const withoutComments = (source: string): string => source.replace(COMMENT, blank);

/** Drops comments outside strings. Positions stay the same. */
export const withoutRealComments = (source: string): string =>
  source.replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : blank(found)));
