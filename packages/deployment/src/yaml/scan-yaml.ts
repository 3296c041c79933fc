import { UserError } from '@nx-nixpack/base';
import { Lexer, Parser, type CST } from 'yaml';
import { tooLarge, type SourceText } from './source-text.js';

/** Levels of maps and lists in each other. */
export const MAX_DEPTH = 64;
/** Keys and values that aliases may stand for: nobody needs many, and each may stand for many others. */
export const MAX_EXPANDED = 10_000;

export interface Scan {
  /** Cleared when they were used: they are a large part of the memory. */
  readonly tokens: CST.Token[];
  readonly tags: readonly { readonly offset: number; readonly name: string }[];
  /** Where a value begins that holds `{{` outside quotes. */
  readonly templates: ReadonlySet<number>;
}

/** What yaml's lexer puts between the parts of the text; it takes no room in the file. */
const SCALAR_FOLLOWS = '\u001f';
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', SCALAR_FOLLOWS]);
/** Parts that the parser looks at again and again while they pile up: nodes, and what belongs to nodes. */
const COSTLY = '-?:,[]{}"\'*&!%';
/** Bounds of the work to come for each value that there may be, generous; the exact count of nodes follows when they are there. */
const MAX_COSTLY = 2.5;
const MAX_PARTS = 20;
/** The parser keeps a document, and a value or two, above the open maps and lists. */
const STACK_MARGIN = 4;

/**
 * Cuts the text into tokens and stops as soon as it is too deep or too large, before anything recursive or quadratic sees it.
 * UserError CONFIG_TOO_DEEP, CONFIG_TOO_LARGE.
 */
export function scanYaml(source: SourceText): Scan {
  const parser = new Parser();
  const parts = new Parts(source);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    parts.add(lexeme);
    if (parser.stack.length > MAX_DEPTH + STACK_MARGIN) throw tooDeep(source, parts.offset);
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, tags: parts.tags, templates: parts.templates };
}

class Parts {
  readonly tags: { offset: number; name: string }[] = [];
  readonly templates = new Set<number>();
  offset = 0;
  readonly #source: SourceText;
  #scalar = false;
  #costly = 0;
  #parts = 0;
  #previous = { text: '', offset: 0, scalar: false };

  constructor(source: SourceText) {
    this.#source = source;
  }

  add(lexeme: string): void {
    const scalar = this.#scalar;
    this.#scalar = !scalar && lexeme === SCALAR_FOLLOWS;
    if (!scalar && MARKS.has(lexeme)) return;
    this.#count(scalar || COSTLY.includes(lexeme.charAt(0)));
    if (!scalar && lexeme.startsWith('!')) this.tags.push({ offset: this.offset, name: lexeme });
    if (!scalar && lexeme === '{') this.#brace();
    this.#previous = { text: lexeme, offset: this.offset, scalar };
    this.offset += lexeme.length;
  }

  #count(costly: boolean): void {
    this.#parts += 1;
    if (costly) this.#costly += 1;
    const { maxValues } = this.#source;
    if (this.#costly > MAX_COSTLY * maxValues || this.#parts > MAX_PARTS * maxValues)
      throw tooManyValues(this.#source, this.offset);
  }

  /** `{{`, or the same after a word: `v{{ git.sha }}` inside braces. */
  #brace(): void {
    if (this.#source.text[this.offset + 1] !== '{') return;
    const { offset, scalar, text } = this.#previous;
    if (scalar && offset + text.length === this.offset) this.templates.add(offset);
    else if (text !== '{' || !this.templates.has(offset)) this.templates.add(this.offset);
  }
}

export const tooDeep = (source: SourceText, offset: number): UserError =>
  new UserError({
    code: 'CONFIG_TOO_DEEP',
    message: `Maps and lists are nested more than ${MAX_DEPTH} levels deep`,
    hint: 'Flatten the file.',
    at: source.at(offset),
  });

export const tooManyValues = (source: SourceText, offset: number): UserError =>
  tooLarge(source.at(offset), `${source.maxValues} keys and values`);
