export interface IniEntry {
  readonly key: string;
  readonly value: string;
  /** Of the key. */
  readonly offset: number;
}

/** `key = value` lines as npm's reader of .npmrc takes them: what follows an unquoted `;` or `#` is a comment. */
export const iniEntries = (text: string): readonly IniEntry[] =>
  entries(text, /=/).map(({ key, value, offset }) => ({
    key: unquoted(key),
    value: unquoted(withoutComment(value)),
    offset,
  }));

/** The same as Python's configparser takes them: `:` separates too, only whole lines are comments. */
export const pythonIniEntries = (text: string): readonly IniEntry[] => entries(text, /[=:]/);

function entries(text: string, separator: RegExp): readonly IniEntry[] {
  return [...text.matchAll(/[^\r\n]+/g)].flatMap(({ index, 0: line }) => {
    const start = line.trimStart();
    const end = start.search(separator);
    if (end <= 0 || ';#['.includes(start.charAt(0))) return [];
    const offset = index + line.length - start.length;
    return [{ key: start.slice(0, end).trim(), value: start.slice(end + 1).trim(), offset }];
  });
}

const withoutComment = (value: string): string =>
  isQuoted(value) ? value : value.replace(/(?<!\\)[;#].*$/, '').trimEnd();

const unquoted = (value: string): string => (isQuoted(value) ? value.slice(1, -1) : value);

const isQuoted = (value: string): boolean =>
  value.length > 1 && `"'`.includes(value.charAt(0)) && value.endsWith(value.charAt(0));

/** A text with its comments blanked, so that offsets stay what they are. */
export const withoutComments = (text: string, comment: RegExp): string =>
  text.replace(comment, (found) => found.replace(/[^\r\n]/g, ' '));

/** Lines that begin with `#` or `;`. */
export const INI_COMMENT = /^[^\S\r\n]*[#;][^\r\n]*/gm;
/** `#` at the beginning of a line or after a space, to the end of the line: in other places it belongs to a URL. */
export const HASH_COMMENT = /(?<![^\s])#[^\r\n]*/g;
