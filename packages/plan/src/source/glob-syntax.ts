import type { ByteString } from '@nx-nixpack/base';

/** One piece of a glob. `deep` is `**` as a whole segment and its slash: nothing, or anything that ends with a slash. */
export type GlobToken =
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'any' | 'star' | 'deep' }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly GlobToken[])[] };

/**
 * Reads a glob of nixpacks' dialect: `*` and `?` match `/` too, `**` as a whole
 * segment matches zero or more directories, `{a,b}` (not nested) alternates, `[...]` and `[!...]` are classes, `\` escapes.
 * Undefined when the glob is malformed. Bytes, not characters.
 */
export function parseGlob(glob: ByteString): readonly GlobToken[] | undefined {
  const reader = new GlobReader(glob);
  const tokens = reader.sequence(false);
  return reader.finished ? tokens : undefined;
}

class GlobReader {
  readonly #glob: ByteString;
  #at = 0;
  #broken = false;

  constructor(glob: ByteString) {
    this.#glob = glob;
  }

  get finished(): boolean {
    return !this.#broken && this.#at === this.#glob.length;
  }

  /** Reads up to the end, or inside braces up to `,` or `}`. */
  sequence(inBraces: boolean): readonly GlobToken[] {
    const tokens: GlobToken[] = [];
    while (this.#at < this.#glob.length && !this.#broken) {
      const next = this.#glob[this.#at];
      if (inBraces && (next === ',' || next === '}')) break;
      tokens.push(...this.#token(tokens.length === 0, inBraces));
    }
    return tokens;
  }

  #token(first: boolean, inBraces: boolean): readonly GlobToken[] {
    const next = this.#glob[this.#at] ?? '';
    if (next === '*') return this.#stars(first);
    this.#at += 1;
    if (next === '?') return [{ kind: 'any' }];
    if (next === '[') return [this.#class()];
    if (next === '{') return inBraces ? this.#fail() : [this.#choice()];
    // A closing brace without an opening one stands for nothing.
    if (next === '}') return [];
    if (next !== '\\') return [byte(next)];
    const escaped = this.#glob[this.#at++];
    return escaped === undefined ? this.#fail() : [byte(escaped)];
  }

  #stars(first: boolean): readonly GlobToken[] {
    const begins = first || this.#glob[this.#at - 1] === '/';
    let end = this.#at;
    while (this.#glob[end] === '*') end += 1;
    const deep = begins && end - this.#at === 2 && this.#glob[end] === '/';
    this.#at = deep ? end + 1 : end;
    return [{ kind: deep ? 'deep' : 'star' }];
  }

  #choice(): GlobToken {
    const branches = [this.sequence(true)];
    while (this.#glob[this.#at] === ',') {
      this.#at += 1;
      branches.push(this.sequence(true));
    }
    if (this.#glob[this.#at++] !== '}') this.#broken = true;
    return { kind: 'choice', branches: branches.filter((branch) => branch.length > 0) };
  }

  #class(): GlobToken {
    const negated = this.#glob[this.#at] === '!' || this.#glob[this.#at] === '^';
    if (negated) this.#at += 1;
    const end = this.#glob.indexOf(']', this.#at + 1);
    if (end < 0) this.#broken = true;
    const ranges = rangesOf(this.#glob.slice(this.#at, Math.max(end, this.#at)));
    if (ranges.some(([low, high]) => low > high)) this.#broken = true;
    this.#at = end + 1;
    return { kind: 'class', negated, ranges };
  }

  #fail(): readonly GlobToken[] {
    this.#broken = true;
    return [];
  }
}

const byte = (character: string): GlobToken => ({ kind: 'byte', byte: character.charCodeAt(0) });

function rangesOf(body: ByteString): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (let at = 0; at < body.length; at++) {
    const low = body.charCodeAt(at);
    const isRange = body[at + 1] === '-' && at + 2 < body.length;
    ranges.push([low, isRange ? body.charCodeAt(at + 2) : low]);
    if (isRange) at += 2;
  }
  return ranges;
}
