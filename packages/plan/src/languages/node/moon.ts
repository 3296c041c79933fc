import { setting } from '../environment.js';
import type { Environment } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

export const MOON_CACHE = '.moon/cache/outputs';

export interface MoonApp {
  readonly build: string;
  readonly start: string;
}

/** The application of a moon workspace that NIXPACKS_MOON_APP_NAME names, and its two tasks. */
export function moonApp(source: SourceTree, env: Environment): MoonApp | undefined {
  const app = setting(env, 'MOON_APP_NAME');
  if (app === undefined || !source.has('.moon/workspace.yml')) return undefined;
  return {
    build: `${app}:${setting(env, 'MOON_BUILD_TASK') ?? 'build'}`,
    start: `${app}:${setting(env, 'MOON_START_TASK') ?? 'start'}`,
  };
}

export const moonCommand = (task: string, oneOff: string): string =>
  `${oneOff} @moonrepo/cli run ${task}`;
