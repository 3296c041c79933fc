import type { DataNode } from '../formats/data-node.js';
import type { Slot } from './shape.js';
import type { Reading } from './reading.js';

const KINDS: Readonly<Record<DataNode['kind'], string>> = {
  text: 'text',
  null: 'nothing',
  list: 'a list',
  map: 'a map',
  boolean: 'true or false',
  integer: 'a number',
  float: 'a number',
  datetime: 'a date',
  refused: '',
};

/** Tells the kind that was found, not the text: it may be a secret in the wrong place. Of what is refused all has been said. */
export function wrongType(slot: Slot, reading: Reading, expected: string, hint = ''): undefined {
  const { node, path } = slot;
  if (node.kind === 'refused') return undefined;
  const message = `${reading.nameOf(path)} must be ${expected}, not ${KINDS[node.kind]}`;
  return reading.report(slot, { code: 'CONFIG_WRONG_TYPE', message, hint });
}

/** The text of a scalar: of a plain one what was written, whatever it would mean. */
export function textOf(node: DataNode): string | undefined {
  if ('literal' in node && node.literal !== undefined) return node.literal;
  return node.kind === 'text' ? String(node.value) : undefined;
}

/** A value of JavaScript as nodes, for documents that come as values. Undefined members are left out. */
export function nodeOf(value: unknown): DataNode {
  const offset = 0;
  if (typeof value === 'string') return { kind: 'text', value, offset };
  if (typeof value === 'boolean') return { kind: 'boolean', value, offset };
  if (typeof value === 'number')
    return { kind: Number.isInteger(value) ? 'integer' : 'float', value, offset };
  if (Array.isArray(value)) return { kind: 'list', items: value.map(nodeOf), offset };
  if (typeof value !== 'object' || value === null) return { kind: 'null', value: null, offset };
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return {
    kind: 'map',
    entries: entries.map(([key, member]) => ({ key, offset, value: nodeOf(member) })),
    offset,
  };
}

/** A key as a node, so that shapes of texts check it. */
export const keyNode = (key: string, offset: number): DataNode => ({
  kind: 'text',
  value: key,
  offset,
});
