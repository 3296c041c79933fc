/** A rule for a text. Gives back what is expected instead when the text breaks it. */
export interface Grammar {
  (text: string): string | undefined;
  /** The rule for a JSON schema, where it can be said there. */
  readonly form?: { readonly pattern: string; readonly maxLength?: number };
}

/** At most `longest` characters, all of them as `expression` says. */
export function pattern(expression: RegExp, longest: number, expected: string): Grammar {
  const follows = (text: string): string | undefined =>
    text.length <= longest && expression.test(text) ? undefined : expected;
  const limit = Number.isFinite(longest) ? { maxLength: longest } : {};
  return Object.assign(follows, { form: { pattern: expression.source, ...limit } });
}
