const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/_=.~-]{4,}/gi, '$1 ***'],
  [/\/\/[^\s/@:]*:[^\s/@]*@/g, '//***@'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '***'],
  [
    /\b((?:password|passwd|secret|token|api[_-]?key)["']?\s*[:=]\s*["']?)(?=[^\s"',;&]*\d)[^\s"',;&]{6,}/gi,
    '$1***',
  ],
];

/**
 * Takes out what looks like a credential though nobody here read it: Authorization values, user information of URLs, JSON
 * web tokens, `password=…`. For what foreign programs and servers say; it knows forms and no values, so it may miss one.
 */
export const withoutShapes = (text: string): string =>
  SHAPES.reduce((rest, [pattern, stars]) => rest.replace(pattern, stars), text);
