import { DataFault } from './data-node.js';
import type { ScalarNode } from './data-node.js';

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const WORD = /[A-Za-z0-9_.:+-]+(?: [0-9][0-9:.Zz+-]*)?/y;
const COMMENT = /#[\t\u0020-\uffff]*/y;
const LITERAL = /'([\t\u0020-&(-\uffff]*)'/y;
const LITERAL_LINES = /'''([\t\n\u0020-\uffff]*?)'''/y;
const BASIC_PLAIN = /[\t\u0020!#-[\]-\uffff]+/y;
const INTEGER = /^[+-]?(?:0|[1-9](?:_?[0-9])*)$/;
const RADIX = /^0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)$/;
const FLOAT =
  /^[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const SPECIAL = /^[+-]?(?:inf|nan)$/;
const DATE =
  /^(?:\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d:\d\d(?:\.\d+)?)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const MAX_INTEGER = 2n ** 63n - 1n;

/** The tokens of TOML: keys, headers, scalars, white space. Knows positions, not tables. */
export class TomlScanner {
  readonly #source: string;
  offset: number;

  constructor(source: string) {
    this.#source = source;
    this.offset = source.startsWith('\ufeff') ? 1 : 0;
  }

  atEnd(): boolean {
    return this.offset >= this.#source.length;
  }

  startsWith(text: string): boolean {
    return this.#source.startsWith(text, this.offset);
  }

  takes(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.offset += text.length;
    return true;
  }

  take(text: string): void {
    if (!this.takes(text)) throw this.fault(`expected "${text}"`);
  }

  space(): void {
    while (this.startsWith(' ') || this.startsWith('\t')) this.offset += 1;
  }

  /** Skips white space, line ends and comments. */
  blankLines(): void {
    for (;;) {
      this.space();
      this.#match(COMMENT);
      if (!this.#lineEnd()) return;
    }
  }

  endOfLine(): void {
    this.space();
    this.#match(COMMENT);
    if (!this.atEnd() && !this.#lineEnd()) throw this.fault('expected the end of the line');
  }

  equals(): void {
    this.space();
    this.take('=');
    this.space();
  }

  header(): { path: readonly string[]; offset: number; many: boolean } {
    this.take('[');
    const many = this.takes('[');
    this.space();
    const { path, offset } = this.key();
    this.space();
    this.take(many ? ']]' : ']');
    return { path, offset, many };
  }

  /** One or several keys joined by dots. */
  key(): { path: readonly string[]; offset: number } {
    const offset = this.offset;
    const path = [this.#simpleKey()];
    for (;;) {
      const end = this.offset;
      this.space();
      if (!this.takes('.')) {
        this.offset = end;
        return { path, offset };
      }
      this.space();
      path.push(this.#simpleKey());
    }
  }

  scalar(): ScalarNode {
    const offset = this.offset;
    if (this.startsWith('"') || this.startsWith("'"))
      return { kind: 'text', value: this.#string(true), offset };
    const word = this.#match(WORD)?.trimEnd() ?? '';
    if (word === 'true' || word === 'false')
      return { kind: 'boolean', value: word === 'true', offset };
    if (INTEGER.test(word) || RADIX.test(word))
      return { kind: 'integer', value: this.#integer(word, offset), offset };
    if (FLOAT.test(word) || SPECIAL.test(word))
      return { kind: 'float', value: Number(word.replaceAll('_', '')), offset };
    if (DATE.test(word)) return { kind: 'datetime', value: word, offset };
    throw new DataFault('expected a value', offset);
  }

  fault(message: string): DataFault {
    return new DataFault(message, this.offset);
  }

  #integer(word: string, offset: number): bigint {
    const digits = word.replaceAll('_', '').replace(/^[+-]/, '');
    const value = BigInt(digits) * (word.startsWith('-') ? -1n : 1n);
    if (value > MAX_INTEGER || value < -MAX_INTEGER - 1n)
      throw new DataFault('the number is too large', offset);
    return value;
  }

  #simpleKey(): string {
    if (this.startsWith('"') || this.startsWith("'")) return this.#string(false);
    const key = this.#match(BARE_KEY);
    if (key === undefined) throw this.fault('expected a key');
    return key;
  }

  #string(lines: boolean): string {
    if (lines && this.takes('"""')) return this.#basic('"""');
    if (this.takes('"')) return this.#basic('"');
    const offset = this.offset;
    const pattern = lines && this.startsWith("'''") ? LITERAL_LINES : LITERAL;
    const whole = this.#match(pattern);
    if (whole === undefined) throw new DataFault('the string is not closed', offset);
    return pattern === LITERAL ? whole.slice(1, -1) : whole.slice(3, -3).replace(/^\n/, '');
  }

  #basic(quote: string): string {
    let result = '';
    if (quote.length > 1) this.takes('\n');
    while (!this.takes(quote)) {
      const plain = this.#match(BASIC_PLAIN);
      if (plain !== undefined) result += plain;
      else if (this.takes('\\')) result += this.#escape(quote.length > 1);
      else if (quote.length > 1 && (this.startsWith('\n') || this.startsWith('"')))
        result += this.#source[this.offset++];
      else throw this.fault('the string is not closed');
    }
    return result;
  }

  #escape(lines: boolean): string {
    const letter = this.#source[this.offset] ?? '';
    if (letter === 'u' || letter === 'U') return this.#unicode(letter === 'u' ? 4 : 8);
    if (lines && /^[ \t]*\n/.test(this.#source.slice(this.offset))) return this.#foldedLine();
    const meaning = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (meaning === undefined) throw this.fault('this escape is not known');
    this.offset += 1;
    return meaning;
  }

  #foldedLine(): '' {
    while (/[ \t\n]/.test(this.#source[this.offset] ?? '')) this.offset += 1;
    return '';
  }

  #unicode(length: number): string {
    const digits = this.#source.slice(this.offset + 1, this.offset + 1 + length);
    const point =
      /^[0-9a-fA-F]+$/.test(digits) && digits.length === length
        ? Number.parseInt(digits, 16)
        : Infinity;
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      throw this.fault('this is not a character');
    this.offset += 1 + length;
    return String.fromCodePoint(point);
  }

  #lineEnd(): boolean {
    return this.takes('\n') || this.takes('\r\n');
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.offset += found.length;
    return found === '' ? undefined : found;
  }
}
