import { quote } from '@nx-nixpack/base';
import type { Pair, ParsedNode, YAMLMap } from 'yaml';
import type { Findings } from './findings.js';
import type { Scan } from './scan-yaml.js';
import type { SourceText } from './source-text.js';
import { unquotedTemplate } from './unquoted-template.js';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.js';

/** Keys that mean something to JavaScript objects: no deployment needs them, and an attacker might. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export interface Reading {
  readonly source: SourceText;
  readonly scan: Scan;
  readonly findings: Findings;
}

/** Reads a node below a map. `from` is where a value without any text would stand. */
type ReadNode = (node: ParsedNode | null, from: number) => YamlNode;

/** Reads one map: keys as text and once each, merge keys after the map's own. */
export class MapReader {
  readonly #reading: Reading;
  readonly #readNode: ReadNode;
  readonly #entries = new Map<string, YamlEntry>();
  readonly #keys = new Map<string, number>();
  readonly #merged: YamlNode[] = [];
  #size = 1;
  #depth = 0;

  constructor(reading: Reading, readNode: ReadNode) {
    this.#reading = reading;
    this.#readNode = readNode;
  }

  read(node: YAMLMap.Parsed, at: number): YamlNode {
    const unquoted = this.#reading.scan.templates.has(at) && isTemplate(this.#reading, at);
    if (unquoted) this.#reading.findings.add(unquotedTemplate(at));
    for (const { key, value } of node.items as Pair<ParsedNode | null, ParsedNode | null>[])
      this.#pair(this.#readNode(key, at), this.#readNode(value, key?.range[1] ?? at), unquoted);
    for (const merged of this.#merged) this.#merge(merged);
    const span = { offset: at, end: node.range[1], size: this.#size, depth: this.#depth + 1 };
    if (unquoted) return { kind: 'refused', value: null, ...span };
    return { kind: 'map', entries: [...this.#entries.values()], ...span };
  }

  #pair(key: YamlNode, value: YamlNode, refused: boolean): void {
    this.#size += key.size + value.size;
    this.#depth = Math.max(this.#depth, key.depth, value.depth);
    if (refused || key.kind === 'refused') return;
    if (key.kind === 'list' || key.kind === 'map') return this.#refuseKey(key.offset);
    const text = keyText(this.#reading, key);
    if (this.#isRepeated(text, key.offset)) return;
    const merges = text === '<<' && isPlain(this.#reading, key);
    if (merges) this.#merged.push(...mergeSources(value));
    else this.#add({ key: text, offset: key.offset, value });
  }

  #isRepeated(key: string, offset: number): boolean {
    const first = this.#keys.get(key);
    if (first === undefined) {
      this.#keys.set(key, offset);
      return false;
    }
    const { line, column } = this.#reading.source.at(first);
    this.#reading.findings.add({
      code: 'CONFIG_DUPLICATE_KEY',
      offset,
      message: `The key ${quote(key)} is already given at ${line}:${column}`,
      hint: 'Keep one of the two.',
      related: [first],
    });
    return true;
  }

  #add(entry: YamlEntry): void {
    if (!FORBIDDEN.has(entry.key)) {
      this.#entries.set(entry.key, entry);
      return;
    }
    this.#reading.findings.add({
      code: 'CONFIG_FORBIDDEN_KEY',
      offset: entry.offset,
      message: `The key ${quote(entry.key)} is not allowed`,
      hint: 'Use another name.',
    });
  }

  /** Keys of the map itself win, then those of the map that is merged first. */
  #merge(node: YamlNode): void {
    if (node.kind === 'refused') return;
    if (node.kind === 'map') {
      for (const entry of node.entries)
        if (!this.#entries.has(entry.key)) this.#entries.set(entry.key, entry);
      return;
    }
    this.#reading.findings.add({
      code: 'CONFIG_WRONG_TYPE',
      offset: node.offset,
      message: '"<<" merges a map or a list of maps',
      hint: 'Name a map by an alias: <<: *name.',
    });
  }

  #refuseKey(offset: number): void {
    this.#reading.findings.add({
      code: 'CONFIG_WRONG_TYPE',
      offset,
      message: 'A key must be text, not a list or a map',
      hint: 'Write the key as text.',
    });
  }
}

const mergeSources = (node: YamlNode): readonly YamlNode[] =>
  node.kind === 'list' ? node.items : [node];

const keyText = ({ source }: Reading, { kind, literal, value, offset, end }: YamlScalar): string =>
  kind === 'null' ? source.text.slice(offset, end) : (literal ?? String(value));

/** Quoted, it is a key like others. */
const isPlain = ({ source }: Reading, { offset }: YamlScalar): boolean =>
  source.text.startsWith('<<', offset);

/** The mark is also set for a word before braces; a map itself begins with the braces. */
const isTemplate = ({ source }: Reading, at: number): boolean => source.text.startsWith('{{', at);
