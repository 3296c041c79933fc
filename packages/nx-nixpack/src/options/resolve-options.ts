import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote, UserError, type Position, type Problem } from '@nx-nixpack/base';
import {
  byKey,
  DataFault,
  nodeOf,
  parseJson,
  positionAt,
  readShape,
  plainJson,
  type DataNode,
  type Fault,
  type MapNode,
} from '@nx-nixpack/data';
import { TASKS } from '../tasks/tasks.js';
import { OPTIONS_SHAPE, type ResolvedOptions } from './options.js';

const PLUGIN = 'nx-nixpack';
const NAMING = { naming: byKey(`The options of ${PLUGIN}`) };
const START: Position = { file: 'nx.json', line: 1, column: 1 };

/** The options with their defaults. Throws every mistake in them together, each with its place in nx.json. */
export function resolveOptions(given: unknown, workspaceRoot: string): ResolvedOptions {
  const { value, faults } = readShape(OPTIONS_SHAPE, nodeOf(given ?? {}), NAMING);
  const problems = value === undefined ? problemsOf(faults, () => START) : repeatedNames(value);
  if (value !== undefined && problems.length === 0) return value;
  const placed = writtenProblems(workspaceRoot);
  throw UserError.of(placed.length > 0 && value === undefined ? placed : problems);
}

/** Two tasks with one target would be one task. */
function repeatedNames(options: ResolvedOptions): Problem[] {
  const names = TASKS.map(({ option }) => options[option]);
  const repeated = TASKS.filter(({ option }, at) => names.indexOf(options[option]) !== at);
  return repeated.map(({ option }) => ({
    code: 'CONFIG_INVALID_VALUE',
    message: `Two tasks would have targets called ${quote(options[option])}: ${option} gives a name that is taken`,
    hint: 'Give each task a name of its own.',
    at: START,
  }));
}

const problemsOf = (faults: readonly Fault[], placeOf: (offset: number) => Position): Problem[] =>
  faults.map(({ code, message, hint, offset }) => ({ code, message, hint, at: placeOf(offset) }));

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

/**
 * The same mistakes with their places, of the first entry of the plugin that has any: nx.json may have several entries. None
 * when it has the options in another form, such as a file that it extends.
 */
function writtenProblems(workspaceRoot: string): readonly Problem[] {
  const text = readFileSync(join(workspaceRoot, 'nx.json'), 'utf8');
  const plugins = memberOf(parsed(text), 'plugins');
  const entries = plugins?.kind === 'list' ? plugins.items : [];
  const own = entries.filter((entry) => isText(memberOf(entry, 'plugin'), PLUGIN));
  const placeOf = (offset: number): Position => positionAt('nx.json', text, offset);
  return (
    own
      .flatMap((entry) => memberOf(entry, 'options') ?? [])
      .map((options) => problemsOf(readShape(OPTIONS_SHAPE, options, NAMING).faults, placeOf))
      .find((problems) => problems.length > 0) ?? []
  );
}

function parsed(text: string): DataNode | undefined {
  try {
    return parseJson(plainJson(text));
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
