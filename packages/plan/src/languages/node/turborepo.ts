import { anyValue, dictionary, list, nullable, parseJson, parseYaml, text } from '@nx-nixpack/data';

import { setting } from '../environment.js';
import type { Environment } from '../provider.js';
import { facts, tryManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import { isGlob } from '../../source/glob.js';
import type { PackageJson } from './package-json.js';
import type { PackageManager } from './package-manager.js';

const tasks = nullable(dictionary(anyValue));
const turboJson = facts({ pipeline: tasks, tasks });
const pnpmWorkspace = facts({ packages: list(text()) });

export interface Turborepo {
  /** The application that NIXPACKS_TURBO_APP_NAME names. */
  readonly app: string | undefined;
  readonly hasTask: (name: string) => boolean;
}

/** Undefined when there is no turbo.json, or one with comments or anything else that is not strict JSON. */
export function turborepo(source: SourceTree, env: Environment): Turborepo | undefined {
  const config = tryManifest(source, 'turbo.json', parseJson, turboJson);
  if (config === undefined) return undefined;
  const hasTask = (name: string) =>
    config.pipeline?.has(name) === true || config.tasks?.has(name) === true;
  return { app: setting(env, 'TURBO_APP_NAME'), hasTask };
}

/** The whole repository is built, even when an application is named. */
export function turboBuildCommand(
  { app, hasTask }: Turborepo,
  { oneOff }: PackageManager,
): string | undefined {
  if (hasTask('build')) return 'npx turbo run build';
  return app === undefined ? undefined : `${oneOff} turbo run ${app}:build`;
}

export function turboStartCommand(
  { app, hasTask }: Turborepo,
  source: SourceTree,
  manager: PackageManager,
  manifest: PackageJson,
): string | undefined {
  const found =
    app === undefined
      ? 'absent'
      : searchWorkspace(source, app, workspaceGlobs(source, manager, manifest));
  if (app !== undefined && found === 'present') return startInWorkspace(manager, app);
  return found === 'absent' && hasTask('start') ? 'npx turbo run start' : undefined;
}

/** The first glob that matches ends the search; without a list, or at a malformed glob, there is no answer. */
function searchWorkspace(
  source: SourceTree,
  app: string,
  globs: readonly string[] | undefined,
): 'present' | 'absent' | 'unclear' {
  if (globs === undefined) return 'unclear';
  const decisive = globs.find((glob) => !isGlob(glob) || isApp(source, glob, app));
  if (decisive === undefined) return 'absent';
  return isGlob(decisive) ? 'present' : 'unclear';
}

function startInWorkspace({ name }: PackageManager, app: string): string {
  if (name === 'pnpm') return `pnpm --filter ${app} run start`;
  return name === 'yarn'
    ? `yarn workspace ${app} run start`
    : `${name} --workspace ${app} run start`;
}

/** Undefined when pnpm's workspace file is missing or unreadable. */
function workspaceGlobs(
  source: SourceTree,
  { name }: PackageManager,
  { workspaces }: PackageJson,
): readonly string[] | undefined {
  if (name !== 'pnpm') return workspaces ?? [];
  return tryManifest(source, 'pnpm-workspace.yaml', parseYaml, pnpmWorkspace)?.packages;
}

/** Whether a directory that matches ends with the application's name, whole path components counted. */
function isApp(source: SourceTree, glob: string, app: string): boolean {
  return source.directories(glob).some((path) => path === app || path.endsWith(`/${app}`));
}
