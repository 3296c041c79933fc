import { isObject, type JsonObject } from '@nx-nixpack/base';
import { plainJson } from '@nx-nixpack/data';
import type { SourceTree } from '../../source/source-tree.js';

/** Characters; nobody writes a larger one by hand. */
const MAX_CONFIG = 256 * 1024;

interface KnownConfig {
  readonly text: string;
  readonly config: JsonObject | undefined;
}

/** All members extend one of the root, which may be long. */
const knownConfigs = new WeakMap<SourceTree, Map<string, KnownConfig>>();

/** A configuration of TypeScript; undefined when it is absent or unreadable. Read once while its text stays the same. */
export function readConfig(tree: SourceTree, path: string): JsonObject | undefined {
  const text = tree.read(path);
  if (text === undefined || text.length > MAX_CONFIG) return undefined;
  const known = knownConfigs.get(tree) ?? new Map<string, KnownConfig>();
  knownConfigs.set(tree, known);
  const last = known.get(path);
  if (last?.text === text) return last.config;
  const config = parseConfig(text);
  known.set(path, { text, config });
  return config;
}

function parseConfig(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(plainJson(text));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
