import { setting } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { trimmed } from '../../source/plain-text.js';
import type { Environment } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import type { PackageJson } from './package-json.js';
import { allowsMajor, parseRange } from './semver-range.js';

/** Majors that a plan can name, newest first, and what stands when nothing fits. Origin: nixpacks 1.41.0 (2025). */
export const NODE_MAJORS = [24, 22, 20, 18, 16, 14] as const;
export const DEFAULT_NODE_MAJOR = 18;
export type NodeMajor = (typeof NODE_MAJORS)[number];

/** Names that an `.nvmrc` may use. Krypton, the 24 line, is not among them upstream. */
const LTS_NAMES: ReadonlyMap<string, string> = new Map([
  ['lts/*', '22'],
  ['lts/jod', '22'],
  ['lts/iron', '20'],
  ['lts/hydrogen', '18'],
  ['lts/gallium', '16'],
  ['lts/fermium', '14'],
  ['lts/erbium', '12'],
  ['lts/dubnium', '10'],
  ['lts/carbon', '8'],
  ['lts/boron', '6'],
  ['lts/argon', '4'],
]);

export interface NodeVersion {
  readonly major: NodeMajor;
  readonly decision: Decision;
}

/** Which Node a source wants. Most explicit first; docs/languages/node.md has the order. */
export function nodeVersion(
  source: SourceTree,
  env: Environment,
  manifest: PackageJson,
): NodeVersion {
  const [because, wanted] = wantedVersion(source, env, manifest) ?? ['the default', '*'];
  const range = wanted === '*' ? undefined : parseRange(wanted);
  const fitting = range && NODE_MAJORS.find((major) => allowsMajor(range, major));
  const major = fitting ?? DEFAULT_NODE_MAJOR;
  const warning =
    wanted === '*' || fitting !== undefined ? {} : { warning: unmet(wanted, range === undefined) };
  return {
    major,
    decision: { subject: 'node version', choice: `nodejs_${major}`, because, ...warning },
  };
}

function wantedVersion(
  source: SourceTree,
  env: Environment,
  manifest: PackageJson,
): readonly [because: string, range: string] | undefined {
  const variable = setting(env, 'NODE_VERSION');
  if (variable !== undefined) return [`NIXPACKS_NODE_VERSION=${variable}`, variable];
  const engine = manifest.engines?.get('node');
  if (engine !== undefined) return [`engines.node of package.json: ${engine}`, engine];
  const nvmrc = fileText(source, '.nvmrc');
  if (nvmrc !== undefined) return ['.nvmrc', LTS_NAMES.get(nvmrc) ?? nvmrc.replace(/^v/, '')];
  const file = fileText(source, '.node-version');
  return file === undefined ? undefined : ['.node-version', file.replaceAll('v', '')];
}

function fileText(source: SourceTree, file: string): string | undefined {
  const text = source.has(file) ? source.read(file) : undefined;
  return text === undefined ? undefined : trimmed(text);
}

const unmet = (wanted: string, unreadable: boolean): string =>
  unreadable
    ? `"${wanted}" is not a version range`
    : `no Node version of ${NODE_MAJORS.join(', ')} is in "${wanted}"`;
