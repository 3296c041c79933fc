import { baseName } from '@nx-nixpack/base';
import {
  anyValue,
  lenient,
  memberOf,
  nullable,
  parseJson,
  readShape,
  text,
  type DataNode,
  type Infer,
} from '@nx-nixpack/data';

import { setting } from '../environment.js';
import { facts, tryManifest } from '../../source/manifest.js';
import { stemOf } from '../../source/plain-text.js';
import type { Environment } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

const nxJson = facts({ defaultProject: nullable(text()) }, { default_project: 'defaultProject' });
const target = facts({
  executor: text(),
  options: nullable(
    facts({ outputPath: lenient(text()), main: nullable(text()) }, { output_path: 'outputPath' }),
  ),
  configurations: nullable(facts({ production: nullable(anyValue) })),
});
const project = facts({ targets: facts({ build: target, start: nullable(target) }) });

type Project = Infer<typeof project>;

/** One application of an Nx workspace, as planning needs it. */
export interface NxApp {
  readonly name: string;
  readonly because: string;
  readonly project: Project;
}

const NEXT_EXECUTORS: readonly string[] = ['@nx/next:build', '@nrwl/next:build'];

/** The Nx application to build; undefined when the source is no such workspace. */
export function nxApp(source: SourceTree, env: Environment): NxApp | undefined {
  if (!source.has('nx.json')) return undefined;
  const [name, because] = appName(source, env) ?? [];
  if (name === undefined || because === undefined) return undefined;
  const found = readProject(source, name);
  return found && { name, because, project: found };
}

function appName(source: SourceTree, env: Environment): readonly [string, string] | undefined {
  const variable = setting(env, 'NX_APP_NAME');
  if (variable !== undefined) return [variable, 'NIXPACKS_NX_APP_NAME'];
  const named = tryManifest(source, 'nx.json', parseJson, nxJson)?.defaultProject;
  if (named !== undefined) return [named, 'defaultProject of nx.json'];
  const found = source
    .directories('apps/*')
    .map((path) => baseName(path))
    .find(
      (name) =>
        source.has(`apps/${name}/project.json`) || packageTargets(source, name) !== undefined,
    );
  return found === undefined ? undefined : [found, `the first application below apps/`];
}

/** The configuration: project.json when it is usable, else what package.json says. */
function readProject(source: SourceTree, name: string): Project | undefined {
  const own = tryManifest(source, `apps/${name}/project.json`, parseJson, project);
  if (own !== undefined) return own;
  const targets = packageTargets(source, name);
  if (targets === undefined) return undefined;
  const entries = [{ key: 'targets', offset: 0, value: lastKeysOf(targets) }];
  return readShape(project, { kind: 'map', offset: 0, entries }).value;
}

/** `nx.targets` of the application's package.json, whatever it is. */
function packageTargets(source: SourceTree, name: string): DataNode | undefined {
  const manifest = tryManifest(source, `apps/${name}/package.json`, parseJson, anyValue);
  return memberOf(memberOf(manifest, 'nx'), 'targets');
}

/** Free JSON: of repeated keys the last one stays, so that no struct finds them twice. */
function lastKeysOf(node: DataNode): DataNode {
  if (node.kind !== 'map') return node;
  const last = new Map(node.entries.map((entry) => [entry.key, entry]));
  const entries = [...last.values()].map((entry) => ({ ...entry, value: lastKeysOf(entry.value) }));
  return { ...node, entries };
}

/** Whether or not a configuration of that name exists. */
export const nxBuildCommand = ({ name }: NxApp, oneOff: string): string =>
  `${oneOff} nx run ${name}:build:production`;

export function nxStartCommand({ name, project: { targets } }: NxApp, oneOff: string): string {
  const { build, start } = targets;
  if (start?.configurations?.production !== undefined)
    return `${oneOff} nx run ${name}:start:production`;
  if (start !== undefined) return `${oneOff} nx run ${name}:start`;
  const directory = build.options?.outputPath ?? `dist/apps/${name}`;
  if (NEXT_EXECUTORS.includes(build.executor)) return `cd ${directory} && npm run start`;
  const main = build.options?.main;
  return `node ${directory}/${main === undefined ? 'index' : stemOf(main)}.js`;
}
