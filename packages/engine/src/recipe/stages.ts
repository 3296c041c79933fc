import type { LayerName, Stage, Step } from './recipe.js';
import { accountSteps, write, type Account } from './accounts.js';
import { imageEnvironment, profileScript } from './environment.js';
import { phaseSteps, pruneStep, toolchainSteps, type Lowering } from './phases.js';
import type { BaseFacts, Bases } from './settings.js';

/** One stage when everything stays; else what the build leaves is copied into an image without what only it needed. */
export function stagesOf(lowering: Lowering, bases: Bases, account: Account): Stage[] {
  const toolchain = [profile(lowering, bases.build), ...toolchainSteps(lowering)];
  const tools = lowering.toolchain.buildSteps?.(lowering) ?? [];
  const prune = pruneCommand(lowering);
  const phases = phaseSteps(lowering);
  const build = [...tools, ...phases, ...(prune === undefined ? [] : [pruneStep(lowering, prune)])];
  const onBase = { image: 'build' as const };
  if (bases.run) {
    const copies = [
      profile(lowering, bases.run),
      ...accountSteps(account),
      ...runImageCopies(lowering),
    ];
    return [
      { name: 'build', base: onBase, steps: [...toolchain, ...build] },
      { name: 'image', base: { image: 'run' }, steps: copies },
    ];
  }
  const prepared = [...accountSteps(account), ...toolchain];
  if (prune === undefined && tools.length === 0)
    return [{ name: 'image', base: onBase, steps: [...prepared, ...build] }];
  return [
    { name: 'toolchain', base: onBase, steps: prepared },
    { name: 'build', base: { stage: 'toolchain' }, steps: build },
    { name: 'image', base: { stage: 'toolchain' }, steps: applicationCopies(lowering) },
  ];
}

const pruneCommand = ({ settings, hints }: Lowering): string | undefined =>
  settings.devDependencies.drop ? hints.dropDevDependencies : undefined;

function profile({ plan, settings }: Lowering, base: BaseFacts): Step {
  const path = imageEnvironment(plan, settings, base).get('PATH') ?? '';
  return write('/etc/profile.d/nixpack.sh', profileScript(path));
}

/** Installed dependencies first, so that they are a layer of their own, then the rest of /app. */
function applicationCopies({ plan, hints, settings }: Lowering): Step[] {
  const names = hints.dependencyDirectories ?? [];
  const outputs = (hints.outputs ?? []).map(relative);
  const members = settings.devDependencies.drop ? (settings.devDependencies.members ?? []) : [];
  const unwanted = members.map((member) => `app/${member}`);
  const anywhere = names.map((name) => `**/${name}`);
  const dependencies = [...names.map((name) => `app/**/${name}`), ...outputs];
  return [
    ...copy('dependencies', dependencies, unwanted),
    ...copy('application', appPaths(plan.start?.onlyIncludeFiles), [...anywhere, ...unwanted]),
    ...(plan.staticAssets ? copy('application', ['assets']) : []),
  ];
}

/** A run image has nothing of the build: trusted certificates and assets come along. */
const runImageCopies = (lowering: Lowering): Step[] => [
  ...copy('toolchain', ['etc/ssl/certs', ...lowering.toolchain.imageCopies(lowering)]),
  ...applicationCopies(lowering),
];

/** nixpacks' rule: the files that the start phase names, all when it names none. */
function appPaths(files: readonly string[] | undefined): string[] {
  if (!files || files.length === 0) return ['app'];
  return files.map((file) => `app/${relative(file.replace(/^\.\//, ''))}`);
}

function copy(layer: LayerName, paths: readonly string[], except: readonly string[] = []): Step[] {
  if (paths.length === 0) return [];
  return [
    { kind: 'copy', layer, from: 'build', paths, ...(except.length ? { except } : {}), to: '/' },
  ];
}

const relative = (path: string): string => path.replace(/^\/+/, '');
