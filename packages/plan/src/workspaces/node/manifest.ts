import { isObject, type JsonObject, type Position, UserError } from '@nx-nixpack/base';
import { positionAt } from '@nx-nixpack/data';
import type { SourceTree } from '../../source/source-tree.js';
import { joinDirectories } from '../workspace-path.js';

/** A package.json with what a closure asks it for. */
export interface Manifest {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly text: string;
  readonly content: JsonObject;
  readonly name: string | undefined;
  readonly scripts: ReadonlyMap<string, string>;
}

/** Dependencies by kind, in the order in which npm lets a later kind replace an earlier one. */
export const DEPENDENCY_KEYS = [
  'peerDependencies',
  'dependencies',
  'optionalDependencies',
  'devDependencies',
] as const;
export type DependencyKey = (typeof DEPENDENCY_KEYS)[number];

/** The package.json of a directory; undefined when there is none. */
export function readManifest(tree: SourceTree, directory: string): Manifest | undefined {
  const path = joinDirectories(directory, 'package.json');
  const text = tree.read(path);
  if (text === undefined) return undefined;
  const content = objectOf(path, text);
  return {
    path,
    text,
    content,
    name: typeof content['name'] === 'string' ? content['name'] : undefined,
    scripts: textsOf(content['scripts']),
  };
}

/** Reads a file that must hold a JSON object. */
export function objectOf(path: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, (error as Error).message, error);
  }
  if (isObject(value)) return value;
  throw unreadable(path, 'expected an object');
}

const unreadable = (path: string, why: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'SOURCE_UNSUPPORTED',
      message: `${path} cannot be read: ${why}`,
      hint: 'Correct the file; it must be strict JSON.',
      at: { file: path, line: 1, column: 1 },
    },
    { cause },
  );

const NO_TEXTS: ReadonlyMap<string, string> = new Map();

/** The entries of an object whose values are texts; empty for anything else. */
export function textsOf(value: unknown): ReadonlyMap<string, string> {
  if (!isObject(value)) return NO_TEXTS;
  const texts = new Map<string, string>();
  for (const [key, text] of Object.entries(value))
    if (typeof text === 'string') texts.set(key, text);
  return texts;
}

/** Where a dependency is declared, for messages. */
export function dependencyPosition({ path, text }: Manifest, key: string, name: string): Position {
  const section = Math.max(0, text.indexOf(`"${key}"`));
  const offset = text.indexOf(JSON.stringify(name), section);
  return positionAt(path, text, Math.max(0, offset));
}
