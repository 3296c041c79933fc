import { PROVIDERS } from '../languages/index.js';
import type { Provider } from '../languages/provider.js';
import type { Hints, Phase, StartPhase } from '../plan/build-plan.js';
import type { Closure, InstallHints } from './ecosystem.js';
import { inDirectory } from './in-directory.js';
import type { Planned } from './model.js';
import { joinDirectories } from './workspace-path.js';

const APP = '/app';

/** What of a plan belongs to the place of the source, as its languages say. */
interface Placement extends Closure {
  /** Variables that name a place of the source. */
  readonly places: ReadonlySet<string>;
  /** Phases that prepare the machine, maybe before the source is there. */
  readonly placeless: ReadonlySet<string>;
}

/**
 * A plan made for the source alone, changed to run in the layout of its workspace: /app is the workspace root, the source
 * lies at /app/SOURCE. The ecosystem says where dependencies are installed and how libraries are built first; every other
 * command of the source runs in its directory.
 */
export function lift(
  { plan, hints }: Planned,
  closure: Closure,
  languages: readonly Provider[] = PROVIDERS,
): Planned {
  const { phases, variables, start } = plan;
  const placement: Placement = {
    ...closure,
    places: new Set(languages.flatMap(({ places = [] }) => places)),
    placeless: new Set(['setup', ...languages.flatMap(({ placeless = [] }) => placeless)]),
  };
  return {
    plan: {
      ...plan,
      ...(variables ? { variables: liftVariables(variables, placement) } : {}),
      phases: liftPhases(phases ?? {}, placement),
      ...(start ? { start: liftStart(start, closure) } : {}),
    },
    hints: liftHints(hints, phases?.['install']?.cmds ?? [], closure),
  };
}

type Phases = Readonly<Record<string, Phase>>;

function liftPhases(phases: Phases, closure: Placement): Phases {
  const lifted = Object.entries(phases).map(([name, phase]): [string, Phase] => [
    name,
    liftPhase(name, phase, closure),
  ]);
  const { build } = phases;
  // Libraries are built for a source that builds nothing, too.
  const added = liftPhase('build', { name: 'build', dependsOn: ['install'] }, closure);
  const isAdded = build === undefined && added.cmds !== undefined;
  return Object.fromEntries(isAdded ? [...lifted, ['build', added]] : lifted);
}

function liftPhase(name: string, phase: Phase, closure: Placement): Phase {
  const { cmds, onlyIncludeFiles, cacheDirectories, paths } = phase;
  const commands = liftCommands(name, cmds ?? [], closure);
  const inPlace = (path: string): string => placed(path, closure.source);
  return {
    ...phase,
    ...(cmds !== undefined || commands.length > 0 ? { cmds: commands } : {}),
    ...(onlyIncludeFiles ? { onlyIncludeFiles: onlyIncludeFiles.map(inPlace) } : {}),
    ...(cacheDirectories ? { cacheDirectories: cacheDirectories.map(inPlace) } : {}),
    ...(paths ? { paths: paths.flatMap((path) => liftPath(path, closure)) } : {}),
  };
}

function liftCommands(
  phase: string,
  commands: readonly string[],
  closure: Placement,
): readonly string[] {
  if (closure.placeless.has(phase)) return commands;
  return (
    closure.ecosystem?.closure?.commands(phase, commands, closure) ??
    commands.map((command) => inDirectory(closure.source, command))
  );
}

/** The programs of the source come before those of the root. */
function liftPath(path: string, { source, root, ecosystem }: Closure): readonly string[] {
  const shared = ecosystem?.programs?.find((directory) => path === `${APP}/${directory}`);
  if (shared === undefined) return [placed(path, source)];
  return [source, root].map((directory) => `${APP}/${joinDirectories(directory, shared)}`);
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
  { source, places }: Placement,
): Record<string, string> {
  const entries = Object.entries(variables).map(([name, value]): [string, string] => [
    name,
    places.has(name) ? placed(value, source) : value,
  ]);
  return Object.fromEntries(entries);
}

function liftStart(start: StartPhase, { source }: Closure): StartPhase {
  if (start.onlyIncludeFiles === undefined) return start;
  const onlyIncludeFiles = start.onlyIncludeFiles.map((path) => placed(path, source));
  return { ...start, onlyIncludeFiles };
}

function liftHints(hints: Hints, install: readonly string[], closure: Closure): Hints {
  const { installInputs: _inputs, installInputsReason: _reason, ...others } = hints;
  const { source, ecosystem } = closure;
  const { dropDevDependencies: drop, writable } = hints;
  const dropped = (command: string): string =>
    ecosystem?.closure?.dropDevDependencies(command, closure) ?? inDirectory(source, command);
  return {
    ...others,
    ...(hints.installFiles === undefined
      ? (ecosystem?.closure?.installHints(install, closure) ?? uncertain(closure))
      : declared(hints.installFiles, closure)),
    ...(drop === undefined ? {} : { dropDevDependencies: dropped(drop) }),
    ...(writable ? { writable: writable.map((path) => placed(path, source)) } : {}),
  };
}

/** What the user names lies in the source; manifests and the lock file of the workspace are read in any case. */
const declared = (files: readonly string[], closure: Closure): InstallHints => ({
  installInputs: [
    ...new Set([
      ...(closure.installInputs ?? []),
      ...files.map((path) => placed(path, closure.source)),
    ]),
  ],
});

const uncertain = ({ installInputsReason }: Closure): InstallHints => ({
  installInputsReason: installInputsReason ?? 'the whole workspace is installed',
});
