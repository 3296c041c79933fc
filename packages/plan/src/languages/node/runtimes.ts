import { anyValue, memberOf, parseJson, type DataNode } from '@nx-nixpack/data';

import type { RuntimeWish } from '../../plan/build-plan.js';
import { tryManifest } from '../../source/manifest.js';
import { textOf } from '../../source/manifest.js';
import { setting } from '../environment.js';
import { pinnedFile, pinnedTool, wishOf, type Pin } from '../../source/pinned-tool.js';
import type { NodeProject } from './project.js';
import { allowsMajor, parseRange } from './semver-range.js';

/** nixpacks names 18, which nobody maintains any more; what says nothing is expected to run on the line after the next. */
const UNSAID: RuntimeWish = { name: 'node', version: '22' };
const PLAIN = /^v?\d+(?:\.\d+){0,2}$/;

/** Node and the package manager, as the source asks for them. */
export function nodeRuntimes(project: NodeProject): readonly RuntimeWish[] {
  const [node = UNSAID] = wishOf('node', nodePin(project));
  return [node, ...managerWishes(project)];
}

/** The variable, else what narrows `engines` down, else `engines`. */
function nodePin({ source, env, manifest }: NodeProject): Pin | undefined {
  const variable = setting(env, 'NODE_VERSION');
  if (variable !== undefined) return { version: variable, from: 'NIXPACKS_NODE_VERSION' };
  const range = manifest.engines?.get('node');
  const file =
    pinnedFile(source, '.nvmrc') ??
    pinnedFile(source, '.node-version') ??
    member(source, ['volta', 'node']) ??
    pinnedTool(source, ['nodejs', 'node']);
  if (range === undefined) return file;
  if (file !== undefined && narrows(file.version, range)) return file;
  return { version: range, from: 'engines.node of package.json' };
}

/** Whether a plain version is of the range's: then it says more. */
function narrows(version: string, range: string): boolean {
  const major = PLAIN.test(version) ? Number(/\d+/.exec(version)?.[0]) : undefined;
  const parsed = parseRange(range);
  return major !== undefined && parsed !== undefined && allowsMajor(parsed, major);
}

function managerWishes({
  source,
  manifest,
  manager: { name },
}: NodeProject): readonly RuntimeWish[] {
  const [named, version] = manifest.packageManager?.split('@') ?? [];
  const field =
    named === name && version ? { version, from: 'packageManager of package.json' } : undefined;
  const pinned = field ?? member(source, ['volta', name]) ?? pinnedTool(source, [name]);
  const engine = manifest.engines?.get(name);
  const engines = engine && { version: engine, from: `engines.${name} of package.json` };
  // A lower bound alone is met by the version that Node brings, and npm itself only warns of others.
  const ranged =
    engines && !(name === 'npm' && /^\s*>/.test(engines.version)) ? engines : undefined;
  if (name === 'yarn') return wishOf(name, pinned, modernYarn(source), ranged);
  if (name === 'pnpm') return wishOf(name, pinned, ranged, pnpmOfFiles(source));
  if (name === 'bun') return wishOf(name, pinned, pinnedFile(source, '.bun-version'), ranged);
  return wishOf(name, pinned, ranged);
}

/** Lock files of yarn from version 2 on say which format they have. */
function modernYarn(source: NodeProject['source']): Pin | undefined {
  const format = /^__metadata:\n\s+version: (\d+)/m.exec(textOf(source, 'yarn.lock'))?.[1];
  if (format === undefined) return undefined;
  return { version: Number(format) >= 8 ? '4' : '3', from: 'yarn.lock' };
}

/** Versions 9 and 10 have one format of lock files; settings in the workspace's file are of version 10. */
function pnpmOfFiles(source: NodeProject['source']): Pin | undefined {
  const format = /^lockfileVersion: '?(\d+)\.(\d+)/.exec(textOf(source, 'pnpm-lock.yaml'));
  if (format?.[1] !== '9') return undefined;
  const settings = textOf(source, 'pnpm-workspace.yaml');
  const ofTen =
    settings !== '' &&
    (!/^packages:/m.test(settings) ||
      /^(?:onlyBuiltDependencies|ignoredBuiltDependencies|overrides|allowBuilds|minimumReleaseAge):/m.test(
        settings,
      ));
  return { version: ofTen ? '10' : '9', from: 'pnpm-lock.yaml' };
}

/** A text of package.json that planning reads nothing else of. */
function member(source: NodeProject['source'], path: readonly string[]): Pin | undefined {
  const manifest = tryManifest(source, 'package.json', parseJson, anyValue);
  const node = path.reduce<DataNode | undefined>((at, key) => memberOf(at, key), manifest);
  if (node?.kind !== 'text') return undefined;
  return { version: String(node.value), from: `${path.join('.')} of package.json` };
}
