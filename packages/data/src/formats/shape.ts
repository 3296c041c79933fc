import { DataFault } from './data-node.js';
import type { DataNode, MapEntry, MapNode } from './data-node.js';

/** Reads one kind of value from a node, or throws a DataFault that says what was expected. */
export interface Shape<T> {
  (node: DataNode): T;
  /** A record may leave the field out. */
  readonly optional?: true;
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type RecordOf<F extends Fields> = { readonly [K in keyof F]: ReturnType<F[K]> };

/** Text. A plain YAML scalar of any type counts as its literal text. */
export const text: Shape<string> = (node) => {
  if ('literal' in node && node.literal !== undefined) return node.literal;
  if (node.kind !== 'text') throw expected('a string', node);
  return String(node.value);
};

export const flag: Shape<boolean> = (node) => {
  if (node.kind !== 'boolean') throw expected('true or false', node);
  return node.value === true;
};

/** Accepts anything, unread: repeated keys inside do no harm. */
export const anything: Shape<DataNode> = (node) => node;

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (node) => {
    if (node.kind !== 'list') throw expected('a list', node);
    return node.items.map((entry) => item(entry));
  };
}

export const texts: Shape<readonly string[]> = list(text);

/** A map with free keys: of a repeated key the last one wins, every value must fit. */
export function mapOf<T>(value: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return (node) =>
    new Map(entriesOf(node).map((entry) => [entry.key, value(entry.value)] as const));
}

/** Absent when the field is missing or null. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  const read = (node: DataNode): T | undefined => (node.kind === 'null' ? undefined : shape(node));
  return Object.assign(read, { optional: true as const });
}

/** `shape`, or undefined for a value of any other form. */
export function lenient<T>(shape: Shape<T>): Shape<T | undefined> {
  const read = (node: DataNode): T | undefined => ifReadable(() => shape(node));
  return Object.assign(read, { optional: true as const });
}

/** A record: fields that nobody reads are skipped, a field that is read may occur only once (an alias counts as the field). */
export function record<F extends Fields>(
  fields: F,
  aliases: Readonly<Record<string, string>> = {},
): Shape<RecordOf<F>> {
  return (node) => {
    const found = fieldsOf(node, fields, aliases);
    const result: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(fields)) {
      const entry = found.get(name);
      if (entry === undefined && shape.optional !== true)
        throw new DataFault(`the field "${name}" is missing`, node.offset);
      result[name] = entry === undefined ? undefined : shape(entry.value);
    }
    return result as RecordOf<F>;
  };
}

function fieldsOf(
  node: DataNode,
  fields: Fields,
  aliases: Readonly<Record<string, string>>,
): Map<string, MapEntry> {
  const found = new Map<string, MapEntry>();
  for (const entry of entriesOf(node)) {
    const name = Object.hasOwn(aliases, entry.key) ? aliases[entry.key] : entry.key;
    if (name === undefined || !Object.hasOwn(fields, name)) continue;
    if (found.has(name)) throw new DataFault(`the field "${name}" is given twice`, entry.offset);
    found.set(name, entry);
  }
  return found;
}

function entriesOf(node: DataNode): MapNode['entries'] {
  if (node.kind !== 'map') throw expected('a map', node);
  return node.entries;
}

/** The value of a key of a free map (the last one wins), or undefined. */
export function member(node: DataNode | undefined, key: string): DataNode | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.entries.findLast((entry) => entry.key === key)?.value;
}

/** The result of a reader, or undefined when it does not accept its input. Bugs pass through. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DataFault) return undefined;
    throw error;
  }
}

function expected(what: string, node: DataNode): DataFault {
  const found = {
    list: 'a list',
    map: 'a map',
    text: 'a string',
    null: 'null',
    datetime: 'a date',
  };
  const name = Object.hasOwn(found, node.kind)
    ? found[node.kind as keyof typeof found]
    : `a ${node.kind}`;
  return new DataFault(`expected ${what}, found ${name}`, node.offset);
}
