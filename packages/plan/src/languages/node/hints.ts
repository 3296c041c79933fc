import { anyValue, memberOf, parseJson, type DataNode } from '@nx-nixpack/data';

import type { Hints } from '../../plan/build-plan.js';
import { withoutUndefined } from '../../plan/plan-reader.js';
import { tryManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import type { NodeProject } from './project.js';
import { nodeRuntimes } from './runtimes.js';

/** Scripts that npm runs during an install; they may read the source. */
const LIFECYCLE = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
] as const;
/** Files that, where present, decide an install together with package.json. */
const INPUTS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'bunfig.toml',
  '.npmrc',
  '.yarnrc',
  '.nvmrc',
  '.node-version',
] as const;
/** Files whose presence lets an install read more than we can name. */
const UNCERTAIN = [
  ['binding.gyp', 'binding.gyp makes npm compile the source during the install'],
  ['.yarnrc.yml', '.yarnrc.yml may name further files'],
  ['.pnpmfile.cjs', '.pnpmfile.cjs is code that runs during the install'],
  ['pnpm-workspace.yaml', 'the packages of a workspace take part in the install'],
] as const;
const LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
] as const;
const LOCAL = /^(?:file:|link:|portal:|workspace:|patch:|\.{0,2}\/|~\/)/;
const LOCAL_IN_LOCK = /"link": ?true|["'@: ](?:file|link|portal|workspace|patch):/;
const DEPENDENCY_FIELDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'overrides',
  'resolutions',
  'patchedDependencies',
  'pnpm',
] as const;
/** What lowering may assume about a Node source. */
export function nodeHints(project: NodeProject, servedByCaddy: boolean): Hints {
  const reason = whyUncertain(project);
  const port = Number(project.env.get('PORT') ?? 3000);
  return withoutUndefined<Hints>({
    installInputs: reason === undefined ? inputs(project) : undefined,
    installInputsReason: reason,
    ports: servedByCaddy && Number.isInteger(port) ? [port] : undefined,
    dependencyDirectories: ['node_modules'],
    runtimes: nodeRuntimes(project),
  });
}

const inputs = ({ source }: NodeProject): readonly string[] => [
  'package.json',
  ...INPUTS.filter((file) => source.has(file)),
];

/** Why an install may depend on more than manifests and locks; undefined when it does not. */
function whyUncertain({ source, manifest }: NodeProject): string | undefined {
  const script = LIFECYCLE.find((name) => manifest.scripts?.has(name));
  if (script !== undefined) return `the script "${script}" runs during the install`;
  if (manifest.workspaces !== undefined)
    return 'the packages of a workspace take part in the install';
  const file = UNCERTAIN.find(([name]) => source.has(name));
  if (file !== undefined) return file[1];
  const local = localDependency(source);
  if (local !== undefined) return `the dependency "${local}" lies in the source`;
  const lock = LOCKS.find(
    (name) => source.has(name) && LOCAL_IN_LOCK.test(source.read(name) ?? ''),
  );
  return lock === undefined ? undefined : `${lock} names packages that lie in the source`;
}

function localDependency(source: SourceTree): string | undefined {
  const manifest = tryManifest(source, 'package.json', parseJson, anyValue);
  const values = DEPENDENCY_FIELDS.flatMap((field) => textsIn(memberOf(manifest, field)));
  return values.find((value) => LOCAL.test(value) || value.endsWith('.patch'));
}

function textsIn(node: DataNode | undefined): readonly string[] {
  if (node === undefined) return [];
  if (node.kind === 'map') return node.entries.flatMap((entry) => textsIn(entry.value));
  if (node.kind === 'list') return node.items.flatMap(textsIn);
  return node.kind === 'text' ? [String(node.value)] : [];
}
