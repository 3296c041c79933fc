declare module 'spdx-expression-parse' {
  /** Throws an Error when the text is not an SPDX expression. */
  function parse(expression: string): unknown;
  export = parse;
}
declare module 'spdx-license-ids' {
  const ids: readonly string[];
  export = ids;
}
declare module 'spdx-license-ids/deprecated' {
  const ids: readonly string[];
  export = ids;
}
