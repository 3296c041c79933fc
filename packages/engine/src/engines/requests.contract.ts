import { type Platform } from '@nx-nixpack/data';
import { silent } from '@nx-nixpack/base';
import type { BuildRequest, HostNetwork } from './engine.js';
import { LOGIN_BASH } from '../recipe/interpreter.js';
import type { LayerName, Recipe, Stage, Step } from '../recipe/recipe.js';

/** The platform of this machine. */
export const HERE: Platform = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

export const NO_HOST: HostNetwork = {
  resolvConf: '',
  hosts: '127.0.0.1 localhost\n',
  env: {},
  aptSources: [],
  loopbackPorts: [],
};
export const ENV = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/root',
  SOURCE_DATE_EPOCH: '0',
};

/** A request that builds a recipe for this machine, but for what it is built from and where. */
export const requestFor = (
  what: Recipe,
): Pick<BuildRequest, 'recipe' | 'platform' | 'secrets' | 'host' | 'progress' | 'signal'> => ({
  recipe: what,
  platform: HERE,
  secrets: new Map(),
  host: NO_HOST,
  progress: silent,
  signal: new AbortController().signal,
});

export const run = (command: string, more: Partial<Extract<Step, { kind: 'run' }>> = {}): Step => ({
  kind: 'run',
  layer: 'application',
  command,
  workdir: '/app',
  env: ENV,
  network: false,
  caches: [],
  secrets: [],
  phase: 'build',
  ...more,
});
export const copy = (paths: readonly string[], layer: LayerName = 'application'): Step => ({
  kind: 'copy',
  layer,
  from: 'source',
  paths,
  to: '/app',
});
export const stage = (steps: readonly Step[]): Stage => ({
  name: 'image',
  base: { image: 'build' },
  steps,
});
export const recipe = (stages: readonly Stage[], more: Partial<Recipe> = {}): Recipe => ({
  stages,
  config: { Cmd: ['true'] },
  annotations: {},
  ownership: { uid: 65532, gid: 65532, paths: ['/app'] },
  interpreter: LOGIN_BASH,
  created: 0,
  expected: [],
  ...more,
});
