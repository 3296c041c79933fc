import { baseName } from '@nx-nixpack/base';
import { parseJson, type DataNode } from '@nx-nixpack/data';
import {
  member,
  anything,
  ifReadable,
  lenient,
  optional,
  record,
  text,
} from '@nx-nixpack/data/first-fault';

import { setting } from '../environment.js';
import { stemOf } from '../../source/plain-text.js';
import type { Environment } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

const nxJson = record({ defaultProject: optional(text) }, { default_project: 'defaultProject' });
const target = record({
  executor: text,
  options: optional(
    record({ outputPath: optional(anything), main: optional(text) }, { output_path: 'outputPath' }),
  ),
  configurations: optional(record({ production: optional(anything) })),
});
const project = record({ targets: record({ build: target, start: optional(target) }) });

type Project = ReturnType<typeof project>;

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
  const named = parsedOf(source, 'nx.json', nxJson)?.defaultProject;
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
  const own = parsedOf(source, `apps/${name}/project.json`, project);
  if (own !== undefined) return own;
  const targets = packageTargets(source, name);
  if (targets === undefined) return undefined;
  return ifReadable(() =>
    project({
      kind: 'map',
      offset: 0,
      entries: [{ key: 'targets', offset: 0, value: lastKeysOf(targets) }],
    }),
  );
}

/** `nx.targets` of the application's package.json, whatever it is. */
function packageTargets(source: SourceTree, name: string): DataNode | undefined {
  const manifest = parsedOf(source, `apps/${name}/package.json`, anything);
  return member(member(manifest, 'nx'), 'targets');
}

/** Free JSON: of repeated keys the last one stays, so that no record finds them twice. */
function lastKeysOf(node: DataNode): DataNode {
  if (node.kind !== 'map') return node;
  const last = new Map(node.entries.map((entry) => [entry.key, entry]));
  const entries = [...last.values()].map((entry) => ({ ...entry, value: lastKeysOf(entry.value) }));
  return { ...node, entries };
}

function parsedOf<T>(
  source: SourceTree,
  path: string,
  shape: (node: DataNode) => T,
): T | undefined {
  const content = source.has(path) ? source.read(path) : undefined;
  return content === undefined ? undefined : ifReadable(() => shape(parseJson(content)));
}

/** Whether or not a configuration of that name exists. */
export const nxBuildCommand = ({ name }: NxApp, oneOff: string): string =>
  `${oneOff} nx run ${name}:build:production`;

export function nxStartCommand({ name, project: { targets } }: NxApp, oneOff: string): string {
  const { build, start } = targets;
  if (start?.configurations?.production !== undefined)
    return `${oneOff} nx run ${name}:start:production`;
  if (start !== undefined) return `${oneOff} nx run ${name}:start`;
  const output = lenient(text)(
    build.options?.outputPath ?? { kind: 'null', value: null, offset: 0 },
  );
  const directory = output ?? `dist/apps/${name}`;
  if (NEXT_EXECUTORS.includes(build.executor)) return `cd ${directory} && npm run start`;
  const main = build.options?.main;
  return `node ${directory}/${main === undefined ? 'index' : stemOf(main)}.js`;
}
