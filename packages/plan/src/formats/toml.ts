import { DataFault } from './data-node.js';
import type { DataNode, MapEntry } from './data-node.js';
import { TomlScanner } from './toml-scanner.js';

/** How a table came to be; decides whether it may be opened or extended again. */
type Origin = 'header' | 'implicit' | 'dotted' | 'inline' | 'element';

interface Table {
  readonly offset: number;
  readonly entries: Map<string, { readonly offset: number; readonly value: Value }>;
  origin: Origin;
}
type Value = Table | Tables | DataNode;
/** An array of tables, `[[name]]`. */
interface Tables {
  readonly offset: number;
  readonly tables: Table[];
}

const MAX_DEPTH = 127;

/**
 * TOML as nixpacks' parser of the 0.5 era reads it: one-line inline tables without a trailing comma, no `\e` or `\x`;
 * a leading BOM and arrays of mixed types are fine; a key or table given twice is not. Throws a DataFault.
 */
export function parseToml(source: string): DataNode {
  const scanner = new TomlScanner(source);
  const root = table(0, 'header');
  let current = root;
  for (scanner.blankLines(); !scanner.atEnd(); scanner.blankLines()) {
    if (scanner.startsWith('[')) current = openHeader(scanner, root);
    else assign(scanner, current);
    scanner.endOfLine();
  }
  return frozen(root);
}

const table = (offset: number, origin: Origin): Table => ({ offset, origin, entries: new Map() });

function openHeader(scanner: TomlScanner, root: Table): Table {
  const { path, offset, many } = scanner.header();
  const parent = path.slice(0, -1).reduce((at, key) => descend(at, key, offset, 'implicit'), root);
  const name = path.at(-1) ?? '';
  const found = parent.entries.get(name)?.value;
  if (many) return appendElement(parent, name, found, offset);
  if (found === undefined) return add(parent, name, table(offset, 'header'), offset);
  if (!('origin' in found) || found.origin !== 'implicit') throw twice(name, offset);
  found.origin = 'header';
  return found;
}

function appendElement(
  parent: Table,
  name: string,
  found: Value | undefined,
  offset: number,
): Table {
  if (found !== undefined && !('tables' in found)) throw twice(name, offset);
  const list = found ?? add(parent, name, { offset, tables: [] }, offset);
  const element = table(offset, 'element');
  list.tables.push(element);
  return element;
}

/** The table below `key`: an existing one that may still grow, the last element of an array of tables, or a new one. */
function descend(at: Table, key: string, offset: number, origin: 'implicit' | 'dotted'): Table {
  const found = at.entries.get(key)?.value;
  if (found === undefined) return add(at, key, table(offset, origin), offset);
  if ('tables' in found && origin === 'implicit')
    return found.tables.at(-1) ?? table(offset, origin);
  if (!('origin' in found) || found.origin === 'inline') throw twice(key, offset);
  if (origin === 'dotted' && found.origin !== 'dotted' && found.origin !== 'implicit')
    throw twice(key, offset);
  return found;
}

function assign(scanner: TomlScanner, current: Table): void {
  const { path, offset } = scanner.key();
  scanner.equals();
  const owner = path.slice(0, -1).reduce((at, key) => descend(at, key, offset, 'dotted'), current);
  const name = path.at(-1) ?? '';
  if (owner.entries.has(name)) throw twice(name, offset);
  owner.entries.set(name, { offset, value: readValue(scanner, 0) });
}

function readValue(scanner: TomlScanner, depth: number): Value {
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
    items.push(frozen(readValue(scanner, depth + 1)));
    scanner.blankLines();
    if (scanner.takes(',')) continue;
    scanner.take(']');
    break;
  }
  return { kind: 'list', items, offset };
}

function readInline(scanner: TomlScanner, depth: number): Table {
  const result = table(scanner.offset, 'dotted');
  scanner.take('{');
  scanner.space();
  if (!scanner.takes('}')) {
    do {
      scanner.space();
      const { path, offset } = scanner.key();
      scanner.equals();
      const owner = path
        .slice(0, -1)
        .reduce((at, key) => descend(at, key, offset, 'dotted'), result);
      const name = path.at(-1) ?? '';
      if (owner.entries.has(name)) throw twice(name, offset);
      owner.entries.set(name, { offset, value: readValue(scanner, depth + 1) });
      scanner.space();
    } while (scanner.takes(','));
    scanner.take('}');
  }
  result.origin = 'inline';
  return result;
}

function add<T extends Value>(parent: Table, name: string, value: T, offset: number): T {
  parent.entries.set(name, { offset, value });
  return value;
}

const twice = (name: string, offset: number): DataFault =>
  new DataFault(`"${name}" is given twice`, offset);

function frozen(value: Value): DataNode {
  if ('kind' in value) return value;
  if ('tables' in value)
    return { kind: 'list', items: value.tables.map(frozen), offset: value.offset };
  const entries: MapEntry[] = [];
  for (const [key, entry] of value.entries)
    entries.push({ key, offset: entry.offset, value: frozen(entry.value) });
  return { kind: 'map', entries, offset: value.offset };
}
