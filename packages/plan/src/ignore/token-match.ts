/**
 * Wildcard patterns as lists of tokens, run as a set of positions:
 * time grows with text length times pattern length, whatever the pattern is.
 */
export type Token =
  | { readonly kind: 'character'; readonly code: number }
  /** Any character but a slash. */
  | { readonly kind: 'any' }
  /** `crosses`: the class may match a slash. */
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly Range[];
      readonly crosses: boolean;
    }
  /** Any number of characters, none of them a slash. */
  | { readonly kind: 'star' }
  /** Any number of characters. */
  | { readonly kind: 'starstar' }
  /** The two tokens that follow, a starstar and a slash, may match nothing. */
  | { readonly kind: 'optional' }
  | { readonly kind: 'never' };

/** Character codes, both ends included. */
export type Range = readonly [from: number, to: number];

export const NEVER: Token = { kind: 'never' };
const SLASH = 47;

export const characterAt = (pattern: string, index: number): Token => ({
  kind: 'character',
  code: pattern.charCodeAt(index),
});

/** A test whether the tokens match a whole text. */
export function matcherOf(tokens: readonly Token[]): (text: string) => boolean {
  if (tokens.includes(NEVER)) return () => false;
  const least = tokens.filter((token, index) => consumes(tokens, token, index)).length;
  return (text) => text.length >= least && run(tokens, text);
}

/** Whether a token takes at least one character in every match. */
function consumes(tokens: readonly Token[], token: Token, index: number): boolean {
  if (tokens[index - 2]?.kind === 'optional') return false;
  return !['star', 'starstar', 'optional'].includes(token.kind);
}

/** The positions a match may have reached, each once. */
class Positions {
  readonly #tokens: readonly Token[];
  readonly #seen: Uint8Array;
  readonly list: number[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#seen = new Uint8Array(tokens.length + 1);
  }

  has(position: number): boolean {
    return this.#seen[position] === 1;
  }

  clear(): void {
    for (const position of this.list) this.#seen[position] = 0;
    this.list.length = 0;
  }

  /** Adds a position and those that are reached from it without a character. */
  add(start: number): void {
    const pending = [start];
    for (let position = pending.pop(); position !== undefined; position = pending.pop()) {
      if (this.has(position)) continue;
      this.#seen[position] = 1;
      this.list.push(position);
      const kind = this.#tokens[position]?.kind;
      if (kind === 'star' || kind === 'starstar' || kind === 'optional') pending.push(position + 1);
      if (kind === 'optional') pending.push(position + 3);
    }
  }
}

function run(tokens: readonly Token[], text: string): boolean {
  let current = new Positions(tokens);
  let next = new Positions(tokens);
  current.add(0);
  for (let index = 0; index < text.length && current.list.length > 0; index++) {
    for (const position of current.list) step(tokens, position, text.charCodeAt(index), next);
    current.clear();
    [current, next] = [next, current];
  }
  return current.has(tokens.length);
}

function step(tokens: readonly Token[], position: number, code: number, next: Positions): void {
  const token = tokens[position];
  if (token === undefined || !accepts(token, code)) return;
  const stays = token.kind === 'star' || token.kind === 'starstar';
  next.add(stays ? position : position + 1);
}

function accepts(token: Token, code: number): boolean {
  switch (token.kind) {
    case 'character':
      return token.code === code;
    case 'starstar':
      return true;
    case 'any':
    case 'star':
      return code !== SLASH;
    case 'class':
      return (token.crosses || code !== SLASH) && inside(token.ranges, code) !== token.negated;
    case 'optional':
    case 'never':
      return false;
  }
}

const inside = (list: readonly Range[], code: number): boolean =>
  list.some(([from, to]) => code >= from && code <= to);
