import { anyValue, memberOf, parseToml, type DataNode } from '@nx-nixpack/data';

import type { RuntimeWish } from '../plan/build-plan.js';
import { tryManifest } from './manifest.js';
import { linesOf, words } from './plain-text.js';
import type { SourceTree } from './source-tree.js';

/** A version, and the file that says so. */
export type Pin = Required<Pick<RuntimeWish, 'version' | 'from'>>;

const MISE = ['mise.toml', '.mise.toml', '.config/mise.toml'] as const;

/** What asdf's and mise's files pin a tool to, which goes by several names. */
export function pinnedTool(source: SourceTree, names: readonly string[]): Pin | undefined {
  return asdf(source, names) ?? mise(source, names);
}

/** The wish that the first of these makes; undefined when none does. */
export function wishOf(
  name: string,
  ...pins: readonly (Pin | undefined)[]
): readonly RuntimeWish[] {
  const pin = pins.find((each) => each !== undefined);
  return pin === undefined ? [] : [{ name, ...pin }];
}

/** The first line of a file that is no comment. */
export function pinnedFile(source: SourceTree, file: string): Pin | undefined {
  const text = source.has(file) ? (source.read(file) ?? '') : '';
  const line = linesOf(text)
    .map((each) => words(each.replace(/#.*$/, ''))[0])
    .find((word) => word !== undefined);
  return line === undefined ? undefined : { version: line, from: file };
}

function asdf(source: SourceTree, names: readonly string[]): Pin | undefined {
  const file = '.tool-versions';
  const text = source.has(file) ? (source.read(file) ?? '') : '';
  const line = linesOf(text)
    .map((each) => words(each.replace(/#.*$/, '')))
    .find(([name]) => name !== undefined && names.includes(name));
  return pin(line?.[1], file);
}

function mise(source: SourceTree, names: readonly string[]): Pin | undefined {
  for (const file of MISE) {
    const tools = memberOf(tryManifest(source, file, parseToml, anyValue), 'tools');
    const found = names.map((name) => memberOf(tools, name)).find((node) => node !== undefined);
    const version = pin(text(found), file);
    if (version !== undefined) return version;
  }
  return undefined;
}

/** mise takes a version, a list of them, or a table with one. */
function text(node: DataNode | undefined): string | undefined {
  if (node?.kind === 'list') return text(node.items[0]);
  if (node?.kind === 'map') return text(memberOf(node, 'version'));
  return node?.kind === 'text' ? String(node.value) : undefined;
}

const pin = (version: string | undefined, from: string): Pin | undefined =>
  version === undefined || version === 'system' ? undefined : { version, from };
