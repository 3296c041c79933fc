/** One kind of file in which programs look for credentials. Adding one is a file, or a row of one, and a line in index.ts. */
export interface CredentialFormat {
  /** Of the path below the workspace root. */
  readonly files: RegExp;
  /** The credentials that a text spells out, in order. Never throws: what the program cannot read is searched as text. */
  readonly find: (text: string) => readonly Spelled[];
  /** Imperative sentence: how the credential reaches the program without being in the source. */
  readonly instead: string;
}

export interface Spelled {
  /** In UTF-16 units of the text: where the setting begins. */
  readonly offset: number;
  /** Which setting it is, for messages; never anything that was read. */
  readonly what: string;
}

/** `${NAME}`, optional (`${NAME?}`) or with an empty fallback (`${NAME-}`, `${NAME:-}`): the grammar that most formats share. */
export const VARIABLE = /\$\{\w+(?:\?|:?-)?\}/g;

/** Whether a value is a variable and nothing else that could be a secret; other fallbacks than the empty one are. */
export const isReference = (value: string, variable = VARIABLE): boolean =>
  !/[\p{L}\p{N}]/u.test(value.replace(variable, ''));
