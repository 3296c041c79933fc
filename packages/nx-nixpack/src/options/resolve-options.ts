import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, type Position } from '@nx-nixpack/base';
import {
  byKey,
  DataFault,
  nodeOf,
  parseJson,
  positionAt,
  readShape,
  withoutRealComments,
  type DataNode,
  type MapNode,
} from '@nx-nixpack/data';
import { OPTIONS_SHAPE, type ResolvedOptions } from './options.js';

const PLUGIN = 'nx-nixpack';
const NAMING = { naming: byKey(`The options of ${PLUGIN}`) };
const START: Position = { file: 'nx.json', line: 1, column: 1 };

/** The options with their defaults. Throws every mistake in them together, each with its place in nx.json. */
export function resolveOptions(given: unknown, workspaceRoot: string): ResolvedOptions {
  const { value } = readShape(OPTIONS_SHAPE, nodeOf(given ?? {}), NAMING);
  if (value !== undefined) return value;
  const written = writtenOptions(workspaceRoot);
  const { faults } = readShape(OPTIONS_SHAPE, written?.options ?? nodeOf(given), NAMING);
  const placeOf = (offset: number): Position =>
    written ? positionAt('nx.json', written.text, offset) : START;
  throw UserError.of(
    faults.map(({ code, message, hint, offset }) => ({ code, message, hint, at: placeOf(offset) })),
  );
}

/** The plugin's options as nx.json states them; the executors need them too. */
export function optionsFromNxJson(
  nxJson: { plugins?: readonly (string | { plugin: string; options?: unknown })[] } | undefined,
  workspaceRoot: string,
): ResolvedOptions {
  const entry = nxJson?.plugins?.find(
    (plugin) => typeof plugin !== 'string' && plugin.plugin === PLUGIN,
  );
  return resolveOptions(typeof entry === 'object' ? entry.options : undefined, workspaceRoot);
}

/** The options with their places; undefined when nx.json has them in another form, such as a file that it extends. */
function writtenOptions(workspaceRoot: string): { text: string; options: DataNode } | undefined {
  const text = readFileSync(join(workspaceRoot, 'nx.json'), 'utf8');
  const plugins = memberOf(parsed(text), 'plugins');
  const entries = plugins?.kind === 'list' ? plugins.items : [];
  const own = entries.find((entry) => isText(memberOf(entry, 'plugin'), PLUGIN));
  const options = memberOf(own, 'options');
  return options && { text, options };
}

function parsed(text: string): DataNode | undefined {
  try {
    return parseJson(withoutRealComments(text));
  } catch (error) {
    if (error instanceof DataFault) return undefined; // Nx says what is wrong with it
    throw error;
  }
}

const memberOf = (node: DataNode | undefined, key: string): DataNode | undefined =>
  node?.kind === 'map'
    ? (node satisfies MapNode).entries.find((entry) => entry.key === key)?.value
    : undefined;

const isText = (node: DataNode | undefined, text: string): boolean =>
  node?.kind === 'text' && node.value === text;
