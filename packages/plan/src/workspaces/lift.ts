import { quoteWord } from '@nx-nixpack/base';
import type { BuildPlan, Hints, Phase, StartPhase } from '../plan/build-plan.js';
import type { Closure, Planned } from './model.js';
import { joinDirectories } from './workspace-path.js';

/** Variables of providers that name a place below /app. */
const PLACES = ['BUNDLE_GEMFILE', 'NIXPACKS_PHP_ROOT_DIR', 'NIXPACKS_SPA_OUTPUT_DIR'];
const APP = '/app';
const BIN = 'node_modules/.bin';
/** Phases that prepare the machine, maybe before the source is there. */
const PLACELESS = ['setup', 'caddy'];
const CERTAIN_INSTALL = 'npm ci';

/**
 * A plan made for the source alone, changed to run in the layout of its workspace (monorepo.md 1.2): /app is the
 * workspace root, the source lies at /app/SOURCE. Dependencies are installed at the root, libraries are built before
 * the source, every other command of the source runs in its directory.
 */
export function lift(planned: Planned, closure: Closure): Planned {
  return {
    plan: liftPlan(planned.plan, closure),
    hints: liftHints(planned, closure),
  };
}

function liftPlan(plan: BuildPlan, closure: Closure): BuildPlan {
  const phases = Object.entries(plan.phases ?? {}).map(([name, phase]): [string, Phase] => [
    name,
    liftPhase(name, phase, closure),
  ]);
  return {
    ...plan,
    ...(plan.variables ? { variables: liftVariables(plan.variables, closure) } : {}),
    phases: Object.fromEntries(withLibraries(phases, closure)),
    ...(plan.start ? { start: liftStart(plan.start, closure) } : {}),
  };
}

function liftPhase(name: string, phase: Phase, closure: Closure): Phase {
  const { cmds, onlyIncludeFiles, cacheDirectories, paths } = phase;
  const directory = directoryOf(name, closure);
  const inPlace = (path: string): string => placed(path, closure.source);
  return {
    ...phase,
    ...(cmds ? { cmds: cmds.map((command) => inDirectory(directory, command)) } : {}),
    ...(onlyIncludeFiles ? { onlyIncludeFiles: onlyIncludeFiles.map(inPlace) } : {}),
    ...(cacheDirectories ? { cacheDirectories: cacheDirectories.map(inPlace) } : {}),
    ...(paths ? { paths: paths.flatMap((path) => liftPath(path, closure)) } : {}),
  };
}

function directoryOf(phase: string, { ecosystem, root, source }: Closure): string {
  if (PLACELESS.includes(phase)) return '';
  return phase === 'install' && ecosystem === 'npm' ? root : source;
}

/** The programs of the source come before those of the root, as npm arranges it. */
function liftPath(path: string, { source, root, ecosystem }: Closure): readonly string[] {
  if (path !== `${APP}/${BIN}`) return [placed(path, source)];
  const directories = ecosystem === 'none' ? [source] : [source, root];
  return directories.map((directory) => `${APP}/${joinDirectories(directory, BIN)}`);
}

/** Relative paths are the source's; absolute ones below /app too. */
function placed(path: string, source: string): string {
  if (path === APP) return `${APP}/${source}`;
  if (path.startsWith(`${APP}/`))
    return `${APP}/${joinDirectories(source, path.slice(APP.length + 1))}`;
  return /^[/~]/.test(path) ? path : joinDirectories(source, path);
}

function liftVariables(
  variables: Readonly<Record<string, string>>,
  closure: Closure,
): Record<string, string> {
  const entries = Object.entries(variables).map(([name, value]): [string, string] => [
    name,
    PLACES.includes(name) ? placed(value, closure.source) : value,
  ]);
  return Object.fromEntries(entries);
}

function liftStart(start: StartPhase, closure: Closure): StartPhase {
  if (start.onlyIncludeFiles === undefined) return start;
  return {
    ...start,
    onlyIncludeFiles: start.onlyIncludeFiles.map((path) => placed(path, closure.source)),
  };
}

/** Libraries are built first in the build phase, which is added when the source has none. */
function withLibraries(
  phases: readonly (readonly [string, Phase])[],
  closure: Closure,
): readonly (readonly [string, Phase])[] {
  const libraries = closure.members.filter(({ kind, builds }) => kind === 'workspace' && builds);
  if (closure.ecosystem !== 'npm' || libraries.length === 0) return phases;
  const names = libraries.map(({ name }) => `-w ${quoteWord(name)}`).join(' ');
  const command = inDirectory(closure.root, `npm run build ${names} --if-present`);
  const build: Phase = phases.find(([name]) => name === 'build')?.[1] ?? {
    name: 'build',
    dependsOn: ['install'],
  };
  const lifted: Phase = { ...build, cmds: [command, ...(build.cmds ?? [])] };
  return [...phases.filter(([name]) => name !== 'build'), ['build', lifted]];
}

const inDirectory = (directory: string, command: string): string =>
  directory === '' ? command : `cd -- ${quoteWord(directory, true)} && ${command}`;

function liftHints({ plan, hints }: Planned, closure: Closure): Hints {
  const { installInputs: _inputs, installInputsReason: _reason, ...others } = hints;
  const drop = hints.dropDevDependencies;
  const directory = closure.ecosystem === 'npm' ? closure.root : closure.source;
  return {
    ...others,
    ...installHints(plan, closure),
    ...(drop === undefined ? {} : { dropDevDependencies: inDirectory(directory, drop) }),
    ...(hints.writable
      ? { writable: hints.writable.map((path) => placed(path, closure.source)) }
      : {}),
  };
}

/** The closure knows the files that decide what npm installs, not those that another command may read. */
function installHints(
  plan: BuildPlan,
  closure: Closure,
): Pick<Hints, 'installInputs' | 'installInputsReason'> {
  const commands = plan.phases?.['install']?.cmds ?? [];
  const own = commands.at(-1) === CERTAIN_INSTALL && commands.slice(0, -1).every(isCorepack);
  if (!own) return { installInputsReason: `the install command is not \`${CERTAIN_INSTALL}\`` };
  if (closure.installInputs !== undefined) return { installInputs: closure.installInputs };
  return { installInputsReason: closure.installInputsReason ?? 'the whole workspace is installed' };
}

const isCorepack = (command: string): boolean => command.startsWith('npm install -g corepack@');
