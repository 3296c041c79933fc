import { byKey, compareText } from '@nx-nixpack/base';

import type { BuildPlan, Phase } from '../plan/build-plan.js';
import { setting } from '../languages/environment.js';
import { withoutUndefined } from '../plan/plan-reader.js';
import type { Environment } from '../languages/provider.js';

/** The plan that NIXPACKS_ variables of the caller's environment stand for. */
export function environmentPlan(env: Environment): BuildPlan {
  const phases = {
    setup: setup(env),
    install: command(env, 'INSTALL', 'setup'),
    build: command(env, 'BUILD', 'install'),
  };
  const given = Object.entries(phases).filter(
    (entry): entry is [string, Phase] => entry[1] !== undefined,
  );
  const cmd = setting(env, 'START_CMD');
  return withoutUndefined<BuildPlan>({
    phases: given.length === 0 ? undefined : byKey(given),
    start: cmd === undefined ? undefined : { cmd },
  });
}

function setup(env: Environment): Phase | undefined {
  const nixPkgs = words(setting(env, 'PKGS'));
  const aptPkgs = words(setting(env, 'APT_PKGS'));
  const nixLibs = setting(env, 'LIBS')?.split(' ');
  if (nixPkgs === undefined && aptPkgs === undefined && nixLibs === undefined) return undefined;
  return withoutUndefined<Phase>({
    name: 'setup',
    nixPkgs: nixPkgs && [...nixPkgs, '...'],
    nixLibs: nixLibs && [...nixLibs, '...'],
    aptPkgs: aptPkgs && [...aptPkgs, '...'],
  });
}

function command(env: Environment, kind: 'INSTALL' | 'BUILD', after: string): Phase | undefined {
  const cmd = setting(env, `${kind}_CMD`);
  if (cmd === undefined) return undefined;
  const caches = words(setting(env, `${kind}_CACHE_DIRS`));
  return withoutUndefined<Phase>({
    name: kind.toLowerCase(),
    dependsOn: [after],
    cmds: [cmd],
    cacheDirectories: caches && [...new Set(caches)].sort(compareText),
  });
}

/** Words between spaces and commas. */
function words(value: string | undefined): readonly string[] | undefined {
  return value?.split(/[ ,]/).filter((word) => word !== '');
}
