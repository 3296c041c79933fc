import { DataFault, type DataNode, parseJson, parseToml, parseYaml } from '@nx-nixpack/data';

export interface Leaf {
  /** Keys on the way, without list indexes. */
  readonly path: readonly string[];
  readonly value: string;
  /** Of the key, or of the item of a list. */
  readonly offset: number;
}

const PARSERS = { json: parseJson, toml: parseToml, yaml: parseYaml } as const;
export type DataLanguage = keyof typeof PARSERS;

/** No configuration of a package manager is longer; the time that YAML takes grows with the square of what is hostile. */
const MAX_YAML = 64 * 1024;

/** Every text of a JSON, TOML or YAML file with its keys; of what cannot be read, every `key: value` that looks like one. */
export function dataLeaves(text: string, language: DataLanguage): readonly Leaf[] {
  if (language === 'yaml' && text.length > MAX_YAML) return looseLeaves(text);
  try {
    return leaves(PARSERS[language](text.replace(/^\ufeff/, ' ')), [], 0);
  } catch (error) {
    if (!(error instanceof DataFault)) throw error;
    return looseLeaves(text);
  }
}

function leaves(node: DataNode, path: readonly string[], offset: number): readonly Leaf[] {
  if (node.kind === 'map')
    return node.entries.flatMap((entry) => leaves(entry.value, [...path, entry.key], entry.offset));
  if (node.kind === 'list') return node.items.flatMap((item) => leaves(item, path, item.offset));
  // A number is as good a password as any other text.
  if (node.kind === 'null' || node.kind === 'boolean') return [];
  return [{ path, value: node.literal ?? String(node.value), offset }];
}

const LOOSE =
  /(?<![\w@/.-])([\w@/.-]+)["']?[^\S\r\n]*[:=][^\S\r\n]*(?:"([^"\r\n]*)"|'([^'\r\n]*)'|([^\s"',{}[\]#]+))/g;

const looseLeaves = (text: string): readonly Leaf[] =>
  [...text.matchAll(LOOSE)].map(({ index, 1: key = '', 2: double, 3: single, 4: plain }) => ({
    path: [key],
    value: double ?? single ?? plain ?? '',
    offset: index,
  }));
