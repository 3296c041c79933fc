import { DataFault } from './data-node.js';
import type { DataNode, MapEntry } from './data-node.js';

/** serde_json's own limit; also keeps hostile input from exhausting our stack. */
const MAX_DEPTH = 127;
/** Values of one document, as for YAML: each takes some hundred bytes of memory. */
const MAX_NODES = 200_000;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const WORDS = [
  ['true', 'boolean', true],
  ['false', 'boolean', false],
  ['null', 'null', null],
] as const;

/** Strict JSON (RFC 8259, no BOM, no comments) that keeps repeated keys. Throws a DataFault. */
export function parseJson(source: string): DataNode {
  const parser = new JsonParser(source);
  return parser.document();
}

class JsonParser {
  readonly #source: string;
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(source: string) {
    this.#source = source;
  }

  document(): DataNode {
    const node = this.#value();
    this.#space();
    if (this.#at < this.#source.length) throw this.#fault('nothing may follow the value');
    return node;
  }

  #value(): DataNode {
    this.#space();
    if (++this.#nodes > MAX_NODES) throw this.#fault(`more than ${MAX_NODES} values are not read`);
    const offset = this.#at;
    const first = this.#source[offset];
    if (first === '{') return this.#nested(() => this.#object(offset));
    if (first === '[') return this.#nested(() => this.#array(offset));
    if (first === '"') return { kind: 'text', value: this.#string(), offset };
    for (const [word, kind, value] of WORDS) {
      if (!this.#source.startsWith(word, offset)) continue;
      this.#at += word.length;
      return { kind, value, offset };
    }
    return this.#number(offset);
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.#fault('the value is nested too deeply');
    this.#at += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #object(offset: number): DataNode {
    const entries: MapEntry[] = [];
    if (this.#takes('}')) return { kind: 'map', entries, offset };
    do {
      this.#space();
      const keyAt = this.#at;
      if (this.#source[keyAt] !== '"') throw this.#fault('expected a key in double quotes');
      const key = this.#string();
      if (!this.#takes(':')) throw this.#fault('expected a colon');
      entries.push({ key, offset: keyAt, value: this.#value() });
    } while (this.#takes(','));
    if (!this.#takes('}')) throw this.#fault('expected a comma or the closing brace');
    return { kind: 'map', entries, offset };
  }

  #array(offset: number): DataNode {
    const items: DataNode[] = [];
    if (this.#takes(']')) return { kind: 'list', items, offset };
    do items.push(this.#value());
    while (this.#takes(','));
    if (!this.#takes(']')) throw this.#fault('expected a comma or the closing bracket');
    return { kind: 'list', items, offset };
  }

  #number(offset: number): DataNode {
    NUMBER.lastIndex = offset;
    const match = NUMBER.exec(this.#source);
    if (match === null) throw this.#fault('expected a value');
    this.#at = NUMBER.lastIndex;
    const whole = match[1] === undefined && match[2] === undefined;
    return { kind: whole ? 'integer' : 'float', value: Number(match[0]), offset };
  }

  #string(): string {
    this.#at += 1;
    let result = '';
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#source)?.[0] ?? '';
      result += plain;
      this.#at += plain.length;
      const next = this.#source[this.#at];
      if (next === undefined) throw this.#fault('the string is not closed');
      if (next !== '"' && next !== '\\') throw this.#fault('a control character must be escaped');
      this.#at += 1;
      if (next === '"') return result;
      result += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#source[this.#at] ?? '';
    if (letter === 'u') return this.#unicode();
    const meaning = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (meaning === undefined) throw this.#fault('this escape is not known');
    this.#at += 1;
    return meaning;
  }

  #unicode(): string {
    const unit = this.#hex();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    if (unit > 0xdbff || !this.#source.startsWith('\\u', this.#at))
      throw this.#fault('half of a surrogate pair');
    this.#at += 1;
    const low = this.#hex();
    if (low < 0xdc00 || low > 0xdfff) throw this.#fault('half of a surrogate pair');
    return String.fromCharCode(unit, low);
  }

  #hex(): number {
    const digits = this.#source.slice(this.#at + 1, this.#at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#fault('expected four hexadecimal digits');
    this.#at += 5;
    return Number.parseInt(digits, 16);
  }

  #takes(character: string): boolean {
    this.#space();
    if (this.#source[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#source[this.#at] ?? '!')) this.#at += 1;
  }

  #fault(message: string): DataFault {
    return new DataFault(message, this.#at);
  }
}
