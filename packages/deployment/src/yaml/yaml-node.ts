/** A deployment file as we read YAML: text stays as it was written, keys are text, aliases and merges are resolved. */
export type YamlNode = YamlText | YamlNull | YamlList | YamlMap | YamlRefused;

interface Placed {
  /** Offset of the value in the file; of the alias, when the value stands elsewhere. */
  readonly at: number;
  /** Offset behind it. */
  readonly end: number;
  /** Nodes below and including this one, aliases expanded. */
  readonly size: number;
  /** Levels of lists and maps from here down, aliases expanded. */
  readonly depth: number;
}

export interface YamlText extends Placed {
  readonly kind: 'text';
  readonly text: string;
  /** Written without quotes: only then can it mean a number or true and false. */
  readonly plain: boolean;
}

/** `null`, `~` or nothing at all. */
export interface YamlNull extends Placed {
  readonly kind: 'null';
  readonly text: string;
}

export interface YamlList extends Placed {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Placed {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** Already reported (an unknown tag, a template without quotes): nothing more is said about it. */
export interface YamlRefused extends Placed {
  readonly kind: 'refused';
}

export interface YamlEntry {
  readonly key: string;
  readonly keyAt: number;
  readonly value: YamlNode;
}

/** The entry at a path of keys, when there is one. */
export function entryAt(node: YamlNode, ...keys: readonly string[]): YamlEntry | undefined {
  let current: YamlNode | undefined = node;
  let entry: YamlEntry | undefined;
  for (const key of keys) {
    entry = current?.kind === 'map' ? current.entries.get(key) : undefined;
    current = entry?.value;
  }
  return entry;
}

/** The entries of the map at a path of keys; none when there is no map. */
export function entriesAt(node: YamlNode, ...keys: readonly string[]): readonly YamlEntry[] {
  const value = keys.length === 0 ? node : entryAt(node, ...keys)?.value;
  return value?.kind === 'map' ? [...value.entries.values()] : [];
}
