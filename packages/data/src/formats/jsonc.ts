const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
/** The last part takes the rest when a comment is not closed, so that nobody looks for its end again. */
const STRING_OR_COMMENT = /"(?:[^"\\\n]|\\.)*"?|(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|\/\*[\s\S]*/g;
const STRING_OR_TRAILING = /"(?:[^"\\\n]|\\.)*"?|,(?=\s*[\]}])|\ufeff/g;

const blank = (comment: string): string => comment.replace(/[^\n]/g, ' ');

/** Drops comments as nixpacks does for Deno: wherever they stand, inside strings too. Positions stay the same. */
export const withoutComments = (source: string): string => source.replace(COMMENT, blank);

/**
 * JSON with comments and trailing commas, as TypeScript and Deno read it, as plain JSON. Positions stay the same. What is
 * not closed stays as it is. Takes time for the length of the text only, whatever stands in it.
 */
export const plainJson = (source: string): string =>
  source
    .replace(STRING_OR_COMMENT, (found, comment?: string) => (comment ? blank(comment) : found))
    .replace(STRING_OR_TRAILING, (found) => (found.startsWith('"') ? found : ' '));
