import { posix } from 'node:path';
import { phaseOrder, type Phase } from '@nx-nixpack/plan';
import type { Toolchain, Tooling } from '../toolchains/toolchain.js';
import type { CacheMount, LayerName, Step } from './recipe.js';
import { write } from './accounts.js';
import { buildEnvironment, type Variables } from './environment.js';
import { aptPackages } from './packages.js';
import type { LentSecret } from './settings.js';

export const APP = '/app';
export const ASSETS = '/assets';

export interface Lowering extends Tooling {
  readonly toolchain: Toolchain;
}

const SETUP = { phase: 'setup', layer: 'toolchain' } as const;

type RunStep = Extract<Step, { kind: 'run' }>;

/** What does not depend on the source: apt packages, setup commands, static assets. */
export function toolchainSteps(lowering: Lowering): Step[] {
  const { plan } = lowering;
  const packages = lowering.toolchain.bringsAptPackages ? [] : aptPackages(plan);
  const install = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const apt = { ...SETUP, command: install };
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  return [
    { kind: 'directory', layer: 'toolchain', path: APP, mode: 0o755 },
    ...lowering.toolchain.steps(lowering, (command) => run(lowering, { ...SETUP, command })),
    ...(packages.length > 0 ? [run(lowering, { ...apt, extra: quiet })] : []),
    ...setupSteps(lowering),
    ...Object.entries(plan.staticAssets ?? {}).map(([name, text]) =>
      write(posix.join(ASSETS, name), text),
    ),
  ];
}

/** The phases after setup, in their order, each after the files it may read. */
export function phaseSteps(lowering: Lowering): Step[] {
  const { plan } = lowering;
  const steps: Step[] = [];
  let complete = false;
  for (const name of phaseOrder(plan).filter((phase) => phase !== 'setup')) {
    const phase = plan.phases?.[name] ?? {};
    if ((phase.cmds ?? []).length === 0) continue;
    const layer = name === 'install' ? 'dependencies' : 'application';
    const paths = filesBefore(lowering, name, phase);
    if (!complete) steps.push(...copySource(layer, paths));
    complete ||= paths.includes('.');
    steps.push(...commandSteps(lowering, name, phase, layer));
  }
  return complete ? steps : [...steps, ...copySource('application', ['.'])];
}

/** Ends the build: what only it needed goes, without network. */
export function pruneStep(lowering: Lowering, command: string): Step {
  const step = run(lowering, { command, phase: 'prune', layer: 'dependencies' });
  // nixpacks sets it to false for the install, and with that npm prunes nothing.
  const { NPM_CONFIG_PRODUCTION: _unset, ...env } = step.env;
  return { ...step, env, network: false };
}

function filesBefore({ hints }: Lowering, name: string, phase: Phase): readonly string[] {
  if (phase.onlyIncludeFiles) return phase.onlyIncludeFiles;
  return name === 'install' ? (hints.installInputs ?? ['.']) : ['.'];
}

function setupSteps(lowering: Lowering): Step[] {
  const phase = lowering.plan.phases?.['setup'] ?? {};
  const cmds = (phase.cmds ?? []).filter((one) => !lowering.toolchain.leavesOut(one, lowering));
  if (cmds.length === 0) return [];
  const files = copySource('toolchain', phase.onlyIncludeFiles ?? []);
  return [...files, ...commandSteps(lowering, 'setup', { ...phase, cmds }, 'toolchain')];
}

function commandSteps(lowering: Lowering, name: string, phase: Phase, layer: LayerName): Step[] {
  const caches = cacheMounts(phase.cacheDirectories ?? [], lowering.settings.cacheScope);
  return (phase.cmds ?? []).map((command) =>
    run(lowering, { command, phase: name, layer, caches }),
  );
}

function run(
  lowering: Lowering,
  what: {
    command: string;
    phase: string;
    layer: LayerName;
    caches?: CacheMount[];
    extra?: Variables;
  },
): RunStep {
  const { plan, settings, build } = lowering;
  return {
    kind: 'run',
    layer: what.layer,
    command: what.command,
    workdir: APP,
    env: { ...what.extra, ...buildEnvironment(plan, settings, build) },
    network: settings.network[what.phase] ?? true,
    caches: what.caches ?? [],
    ...lentTo(what.phase, settings.secrets),
    phase: what.phase,
  };
}

function lentTo(phase: string, secrets: readonly LentSecret[]) {
  const lent = secrets.filter(({ phases }) => phases?.includes(phase) ?? true);
  const named = (way: LentSecret['as']) =>
    lent.filter(({ as }) => as === way).map(({ name }) => name);
  const secretVariables = named('variable');
  return { secrets: named('file'), ...(secretVariables.length > 0 ? { secretVariables } : {}) };
}

function copySource(layer: LayerName, paths: readonly string[]): Step[] {
  const relative = paths.map((path) => posix.normalize(path.replace(/^\/+/, '')));
  if (relative.length === 0) return [];
  return [{ kind: 'copy', layer, from: 'source', paths: relative, to: APP }];
}

/** nixpacks' rule: `~` is /root, relative directories lie below /app. */
function cacheMounts(directories: readonly string[], scope: string): CacheMount[] {
  return directories.map((directory) => {
    const target = posix.resolve(APP, directory.replace(/^~(?=\/|$)/, '/root'));
    return { target, id: `${scope}:${target}` };
  });
}
