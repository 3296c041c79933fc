import { DataFault } from './data-node.js';
import type { DataNode, MapEntry } from './data-node.js';
import { TomlScanner } from './toml-scanner.js';

/** A table: what is assigned in it, and the tables that headers put below it. The two are not compared. */
interface Table {
  readonly offset: number;
  readonly values: Assigned[];
  readonly children: Map<string, Table | Tables>;
  /** Its own header was met. */
  opened: boolean;
}
/** An array of tables, `[[name]]`. */
interface Tables {
  readonly offset: number;
  readonly elements: Table[];
}
interface Assigned {
  readonly key: string;
  readonly offset: number;
  /** A table when dotted keys made it; further dotted keys may add to it. */
  readonly value: Table | DataNode;
}

const MAX_DEPTH = 127;

/**
 * TOML as nixpacks' parser of the 0.5 era reads it: one-line inline tables without a trailing comma, no `\e` or `\x`;
 * a leading BOM and arrays of mixed types are fine. A table opened twice is an error; a key given twice is one only
 * for a record that reads it (see shape.ts). Throws a DataFault.
 */
export function parseToml(source: string): DataNode {
  const scanner = new TomlScanner(source);
  const root = newTable(0);
  let current = root;
  for (scanner.blankLines(); !scanner.atEnd(); scanner.blankLines()) {
    if (scanner.startsWith('[')) current = openHeader(scanner, root);
    else assign(scanner, current, 0);
    scanner.endOfLine();
  }
  return nodeOf(root);
}

const newTable = (offset: number): Table => ({
  offset,
  values: [],
  children: new Map(),
  opened: false,
});

function openHeader(scanner: TomlScanner, root: Table): Table {
  const { path, offset, many } = scanner.header();
  const parent = path.slice(0, -1).reduce((at, key) => below(at, key, offset), root);
  const name = path.at(-1) ?? '';
  const found = parent.children.get(name);
  if (many) return appendElement(parent, name, found, offset);
  if (found !== undefined && ('elements' in found || found.opened)) throw twice(name, offset);
  const table = found ?? newTable(offset);
  parent.children.set(name, table);
  table.opened = true;
  return table;
}

function appendElement(
  parent: Table,
  name: string,
  found: Table | Tables | undefined,
  offset: number,
): Table {
  if (found !== undefined && !('elements' in found)) throw twice(name, offset);
  const list = found ?? { offset, elements: [] };
  parent.children.set(name, list);
  const element = newTable(offset);
  list.elements.push(element);
  return element;
}

/** The table that a header names on its way: an open one, the last element of an array of tables, or a new one. */
function below(at: Table, key: string, offset: number): Table {
  const found = at.children.get(key);
  const last = found !== undefined && 'elements' in found ? found.elements.at(-1) : found;
  const table = last ?? newTable(offset);
  if (found === undefined) at.children.set(key, table);
  return table;
}

function assign(scanner: TomlScanner, table: Table, depth: number): void {
  const { path, offset } = scanner.key();
  scanner.equals();
  const owner = path.slice(0, -1).reduce((at, key) => dotted(at, key, offset), table);
  owner.values.push({ key: path.at(-1) ?? '', offset, value: readValue(scanner, depth) });
}

/** The table that dotted keys share. */
function dotted(at: Table, key: string, offset: number): Table {
  const found = at.values.find((each) => each.key === key)?.value;
  if (found !== undefined && 'kind' in found) throw twice(key, offset);
  const table = found ?? newTable(offset);
  if (found === undefined) at.values.push({ key, offset, value: table });
  return table;
}

function readValue(scanner: TomlScanner, depth: number): DataNode {
  if (depth > MAX_DEPTH) throw scanner.fault('the value is nested too deeply');
  if (scanner.startsWith('[')) return readArray(scanner, depth);
  if (scanner.startsWith('{')) return readInline(scanner, depth);
  return scanner.scalar();
}

function readArray(scanner: TomlScanner, depth: number): DataNode {
  const offset = scanner.offset;
  const items: DataNode[] = [];
  scanner.take('[');
  for (scanner.blankLines(); !scanner.takes(']'); scanner.blankLines()) {
    items.push(readValue(scanner, depth + 1));
    scanner.blankLines();
    if (scanner.takes(',')) continue;
    scanner.take(']');
    break;
  }
  return { kind: 'list', items, offset };
}

function readInline(scanner: TomlScanner, depth: number): DataNode {
  const table = newTable(scanner.offset);
  scanner.take('{');
  scanner.space();
  if (scanner.takes('}')) return nodeOf(table);
  do {
    scanner.space();
    assign(scanner, table, depth + 1);
    scanner.space();
  } while (scanner.takes(','));
  scanner.take('}');
  return nodeOf(table);
}

const twice = (name: string, offset: number): DataFault =>
  new DataFault(`"${name}" is given twice`, offset);

function nodeOf(table: Table): DataNode {
  const assigned = table.values.map(({ key, offset, value }): MapEntry => {
    return { key, offset, value: 'kind' in value ? value : nodeOf(value) };
  });
  const opened = [...table.children].map(([key, child]): MapEntry => {
    const value: DataNode =
      'elements' in child
        ? { kind: 'list', items: child.elements.map(nodeOf), offset: child.offset }
        : nodeOf(child);
    return { key, offset: child.offset, value };
  });
  return { kind: 'map', entries: [...assigned, ...opened], offset: table.offset };
}
