import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, Scalar } from 'yaml';

import { DataFault } from './data-node.js';
import type { DataNode, MapEntry, ScalarNode } from './data-node.js';
import { marked, withLineFeeds, withSeparators } from './yaml-breaks.js';

const MAX_DEPTH = 127;
/** Aliases can multiply a small file; more nodes than this is an attack, not a manifest. */
const MAX_NODES = 200_000;
/** Brackets that are open at once. */
const MAX_OPEN = 400;

/** What libyaml refuses anywhere in a document. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
/** An end marker before any content, which libyaml refuses. */
const ENDS_AT_ONCE = /^(?:[ \t]*(?:#[^\n]*)?\n)*\.\.\.(?:\s|$)/;
/** An end marker, and what may follow it before another one: nothing that is a document. */
const ENDS_AGAIN = /^(\.\.\.(?:[ \t][^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*)\.\.\.(?=\s|$)/m;
const OPTIONS = {
  uniqueKeys: false,
  schema: 'core',
  version: '1.2',
  logLevel: 'error',
  keepSourceTokens: true,
} as const;

/**
 * YAML 1.2 (core schema) as libyaml reads it: one document, aliases resolved, repeated keys kept. Plain scalars keep their
 * literal text, which a reader that wants text takes (`web: 8080` is "8080"). An empty document is an empty map. Throws a
 * DataFault.
 */
export function parseYaml(source: string): DataNode {
  const control = source.search(CONTROL);
  if (control >= 0) throw new DataFault('control characters are not allowed', control);
  const text = withoutFurtherEnds(withLineFeeds(source.replace(/^\ufeff/, ' ')));
  if (ENDS_AT_ONCE.test(text)) throw new DataFault('expected a document before its end', 0);
  if (nestsTooDeeply(text)) throw new DataFault('the value is nested too deeply', 0);
  const document = parsed(text);
  const { contents: root } = document;
  if (root === null || isEmpty(root)) return { kind: 'map', entries: [], offset: 0 };
  const again = marked(source, text, document);
  if (again === undefined) return new YamlReader(document, text).node(root, 0);
  const second = parsed(again.text);
  return new YamlReader(second, again.text, again.original).node(second.contents ?? root, 0);
}

function parsed(text: string): Document.Parsed {
  const document = parseDocument(text, OPTIONS);
  const [error] = document.errors;
  if (error === undefined) return document;
  throw new DataFault(firstLine(error.message), error.pos[0]);
}

/** A document that has ended may end again; our parser would take that for another one. */
function withoutFurtherEnds(text: string): string {
  const next = text.replace(ENDS_AGAIN, '$1   ');
  return next === text ? text : withoutFurtherEnds(next);
}

/**
 * Whether the parser, which calls itself for each level, could run out of stack: where that happens inside a regular
 * expression, no error can be caught and the process ends. Brackets in quotes count; no manifest has so many that open.
 */
function nestsTooDeeply(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (bracket === '[' || bracket === '{' ? 1 : -1));
    if (open > MAX_OPEN) return true;
  }
  const [longest = 0] = [...text.matchAll(/^(?:[ ]*[-?] )+/gm)]
    .map(([indicators]) => indicators.length)
    .sort((a, b) => b - a);
  return longest > 4 * MAX_OPEN;
}

/** Nothing but a tag, an anchor or a document start. */
const isEmpty = (node: unknown): boolean =>
  isScalar(node) && node.type === 'PLAIN' && (node.source ?? '') === '';

const firstLine = (message: string): string =>
  (message.split('\n')[0] ?? '').replace(/ at line \d.*$/, '');

class YamlReader {
  readonly #document: Document;
  readonly #text: string;
  readonly #original: (offset: number) => number;
  #nodes = 0;

  constructor(
    document: Document,
    text: string,
    original: (offset: number) => number = (offset) => offset,
  ) {
    this.#document = document;
    this.#text = text;
    this.#original = original;
  }

  node(node: Node, depth: number): DataNode {
    const offset = this.#original(node.range?.[0] ?? 0);
    if (++this.#nodes > MAX_NODES || depth > MAX_DEPTH)
      throw new DataFault('the value is nested too deeply', offset);
    if (isAlias(node)) return this.#alias(node.resolve(this.#document), depth, offset);
    if (isMap(node))
      return {
        kind: 'map',
        entries: node.items.map((pair) => this.#entry(pair, depth, offset)),
        offset,
      };
    if (isSeq(node))
      return {
        kind: 'list',
        items: node.items.map((item) => this.#item(item, depth, offset)),
        offset,
      };
    if (isScalar(node)) return scalarNode(node, offset, this.#endsOpen(node));
    throw new DataFault('this kind of node is not supported', offset);
  }

  /** A block scalar at the end of a text without a final line feed; libyaml adds none. */
  #endsOpen(node: Scalar): boolean {
    const isBlock = node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL';
    return isBlock && !this.#text.endsWith('\n') && (node.range?.[1] ?? 0) >= this.#text.length;
  }

  #alias(target: Node | undefined, depth: number, offset: number): DataNode {
    if (target === undefined) throw new DataFault('the alias names no anchor before it', offset);
    return this.node(target, depth + 1);
  }

  #entry(pair: Pair, depth: number, offset: number): MapEntry {
    const key = this.#item(pair.key, depth, offset);
    // libyaml takes no empty key, unless a question mark, an anchor or a tag announces it.
    if (isEmpty(pair.key) && !isAnnounced(pair)) throw new DataFault('expected a key', key.offset);
    if (key.kind === 'map' || key.kind === 'list')
      throw new DataFault('a key must be a plain value', key.offset);
    const value = this.#item(pair.value, depth, key.offset);
    return { key: key.literal ?? String(key.value), offset: key.offset, value };
  }

  #item(item: unknown, depth: number, offset: number): DataNode {
    if (item === null) return { kind: 'null', value: null, literal: '', offset };
    if (isPair(item)) throw new DataFault('this kind of node is not supported', offset);
    return this.node(item as Node, depth + 1);
  }
}

/** Whether a mark stands before a key that is empty. */
function isAnnounced({ key, srcToken }: Pair): boolean {
  const marked = isScalar(key) && (key.anchor !== undefined || key.tag !== undefined);
  return marked || srcToken?.start.some((token) => token.type === 'explicit-key-ind') === true;
}

function scalarNode(node: Scalar, offset: number, endsOpen: boolean): ScalarNode {
  const told = typeof node.value === 'string' ? withSeparators(node.value) : node.value;
  const value = endsOpen ? String(told).replace(/\n$/, '') : told;
  const literal = node.type === 'PLAIN' ? withSeparators(node.source ?? '') : undefined;
  if (literal === undefined || typeof value === 'string')
    return { kind: 'text', value: String(value), offset };
  if (value === null) return { kind: 'null', value, literal, offset };
  if (typeof value === 'boolean') return { kind: 'boolean', value, literal, offset };
  if (typeof value === 'bigint') return { kind: 'integer', value, literal, offset };
  return {
    kind: Number.isInteger(value) ? 'integer' : 'float',
    value: Number(value),
    literal,
    offset,
  };
}
