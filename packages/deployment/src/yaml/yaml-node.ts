import type { ListNode, MapEntry, MapNode, ScalarNode } from '@nx-nixpack/data';

/** A deployment file as we read YAML: text stays as it was written, keys are text and stand once, aliases and merges are resolved. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface Span {
  /** Offset of the value in the file; of the alias, when the value stands elsewhere. */
  readonly offset: number;
  /** Offset behind it. */
  readonly end: number;
  /** Nodes below and including this one, aliases expanded. */
  readonly size: number;
  /** Levels of lists and maps from here down, aliases expanded. */
  readonly depth: number;
}

export interface YamlScalar extends ScalarNode, Span {}

export interface YamlList extends ListNode, Span {
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends MapNode, Span {
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry extends MapEntry {
  readonly value: YamlNode;
}

/** The entry at a path of keys, when there is one. */
export function entryAt(node: YamlNode, ...keys: readonly string[]): YamlEntry | undefined {
  let current: YamlNode | undefined = node;
  let entry: YamlEntry | undefined;
  for (const key of keys) {
    entry = current?.kind === 'map' ? current.entries.find((one) => one.key === key) : undefined;
    current = entry?.value;
  }
  return entry;
}

/** The entries of the map at a path of keys; none when there is no map. */
export function entriesAt(node: YamlNode, ...keys: readonly string[]): readonly YamlEntry[] {
  const value = keys.length === 0 ? node : entryAt(node, ...keys)?.value;
  return value?.kind === 'map' ? value.entries : [];
}
