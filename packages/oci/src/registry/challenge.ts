/** One challenge of a WWW-Authenticate header (RFC 9110, 11.6.1). Names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_HEADER = 8192;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const PARAMETER = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/y;
const SEPARATOR = /[\s,]*/y;

/** Reads several challenges with quoted commas and unknown parameters; ends at the first thing that is neither. */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const text = (typeof header === 'string' ? [header] : (header ?? []))
    .join(', ')
    .slice(0, MAX_HEADER);
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) position = pattern.lastIndex;
    return match;
  };
  for (take(SEPARATOR); position < text.length; take(SEPARATOR)) {
    const name = take(TOKEN)?.[0].toLowerCase();
    if (name === undefined) break;
    const value = take(PARAMETER);
    if (value === null) challenges.push({ scheme: name, parameters: new Map() });
    else challenges.at(-1)?.parameters.set(name, value[2] ?? unquote(value[1] ?? ''));
  }
  return challenges;
}

const unquote = (text: string): string => text.replace(/\\(.)/g, '$1');
