import { quote, UserError, type ErrorCode } from '@nx-nixpack/base';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type ParsedNode,
  type Scalar,
  type YAMLSeq,
} from 'yaml';
import { AliasTargets, type AliasUse } from './alias-targets.js';
import { MapReader, type Reading } from './map-reader.js';
import { MAX_DEPTH, tooDeep, tooManyValues } from './scan-yaml.js';
import type { YamlList, YamlNode, YamlScalar } from './yaml-node.js';

/** Tags that say what YAML means anyway. Every other could ask somebody to run or read something. */
const STANDARD = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'];
const HARMLESS: ReadonlySet<string> = new Set([
  '!',
  ...STANDARD.flatMap((name) => [`!!${name}`, `!<tag:yaml.org,2002:${name}>`]),
]);
const HARMLESS_NAMES: ReadonlySet<string> = new Set([
  '!',
  ...STANDARD.map((name) => `tag:yaml.org,2002:${name}`),
]);
const NULL = /^(?:~|null|Null|NULL|)$/;
const FLAG = /^(?:true|True|TRUE|false|False|FALSE)$/;
const NUMBER = /^[-+]?(?:\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+|0x[0-9a-fA-F]+|0o[0-7]+)$/;

/** Turns yaml's nodes into ours: aliases and merges resolved and bounded, tags and keys checked. */
export class NodeReader {
  readonly #reading: Reading;
  readonly #targets: AliasTargets;
  #nodes = 0;
  #depth = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#targets = new AliasTargets((code, offset, message, hint) =>
      this.#structural(code, offset, message, hint),
    );
    this.#reportTags();
  }

  get aliases(): readonly AliasUse[] {
    return this.#targets.uses;
  }

  /** The node and everything below it. `from` is where a value without any text would stand. */
  read(node: ParsedNode | null, from = 0): YamlNode {
    if (isAlias(node)) return this.#alias(node as Alias.Parsed);
    const at = node?.range[0] ?? from;
    this.#nodes += 1;
    const { source } = this.#reading;
    if (this.#nodes > source.maxValues) throw tooManyValues(source, at);
    if (node === null) return { kind: 'null', value: null, offset: at, end: at, size: 1, depth: 0 };
    const { anchor } = node;
    if (anchor !== undefined) this.#targets.open(anchor);
    const read = this.#content(node, at);
    if (anchor !== undefined) this.#targets.close(anchor, read);
    return read;
  }

  #alias(alias: Alias.Parsed): YamlNode {
    const target = this.#targets.resolve(alias.source, alias.range[0], this.#depth);
    return { ...target, offset: alias.range[0], end: alias.range[1] };
  }

  #content(node: ParsedNode, at: number): YamlNode {
    if (node.tag !== undefined && !HARMLESS_NAMES.has(node.tag))
      return { ...this.#inner(node, at), kind: 'refused', value: null } as YamlScalar;
    return this.#inner(node, at);
  }

  #inner(node: ParsedNode, at: number): YamlNode {
    if (isScalar(node)) return textNode(node as Scalar.Parsed, at);
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw tooDeep(this.#reading.source, at);
    const read = this.#collection(node, at);
    this.#depth -= 1;
    return read;
  }

  #collection(node: ParsedNode, at: number): YamlNode {
    if (isSeq(node)) return listNode(node as YAMLSeq.Parsed, at, (item) => this.read(item, at));
    if (isMap(node))
      return new MapReader(this.#reading, (below, from) => this.read(below, from)).read(node, at);
    throw new Error('yaml composed a node that is neither scalar, list nor map');
  }

  #reportTags(): void {
    for (const { offset, name } of this.#reading.scan.tags)
      if (!HARMLESS.has(name))
        this.#reading.findings.add({
          code: 'CONFIG_UNSAFE_TAG',
          offset,
          message: `The tag ${quote(name)} is not allowed`,
          hint: 'Remove it and write the value itself; templates such as "{{ git.sha }}" take the place of tags.',
        });
  }

  #structural(code: ErrorCode, offset: number, message: string, hint: string): UserError {
    return new UserError({ code, message, hint, at: this.#reading.source.at(offset) });
  }
}

/** The text as the file has it, escapes and folding resolved. What it means without quotes is decided by the key it stands at. */
function textNode(node: Scalar.Parsed, offset: number): YamlScalar {
  const plain = node.type === undefined || node.type === 'PLAIN';
  const text = node.source ?? '';
  const span = { offset, end: node.range[1], size: 1, depth: 0 };
  if (!plain) return { kind: 'text', value: text, ...span };
  if (node.tag === undefined && NULL.test(text)) return { kind: 'null', value: null, ...span };
  if (FLAG.test(text)) return { kind: 'boolean', value: /^t/i.test(text), literal: text, ...span };
  if (NUMBER.test(text)) return { kind: 'float', value: Number(text), literal: text, ...span };
  return { kind: 'text', value: text, ...span };
}

function listNode(
  { items, range }: YAMLSeq.Parsed,
  at: number,
  read: (item: ParsedNode | null) => YamlNode,
): YamlList {
  const nodes = (items as (ParsedNode | null)[]).map(read);
  let size = 1;
  let depth = 0;
  for (const node of nodes) {
    size += node.size;
    depth = Math.max(depth, node.depth);
  }
  return { kind: 'list', items: nodes, offset: at, end: range[1], size, depth: depth + 1 };
}
