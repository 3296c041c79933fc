/**
 * Drops comments as nixpacks does for Deno: `//` to the end of the line and `/* … *\/` wherever they stand, inside strings too.
 * Line breaks stay, so that positions keep their line.
 */
export function withoutComments(source: string): string {
  return source.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
}
