import { UserError } from '@nx-nixpack/base';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import { findToolchain } from '../toolchains/find-toolchain.js';
import { TOOLCHAINS } from '../toolchains/index.js';
import type { Provision } from '../toolchains/provision.js';
import type { Toolchain, Tooling } from '../toolchains/toolchain.js';
import type { Ownership, Recipe } from './recipe.js';
import { accountOf, type Account } from './accounts.js';
import { baseAnnotations, imageConfig } from './image-config.js';
import { APP, ASSETS, type Lowering } from './phases.js';
import { LOGIN_BASH } from './interpreter.js';
import { finalBase, type BaseFacts, type Bases, type LowerSettings } from './settings.js';
import { stagesOf } from './stages.js';

export interface LowerOptions {
  /** What planning resolved; a toolchain that resolves something needs it. */
  readonly provision?: Provision | undefined;
  readonly toolchains?: readonly Toolchain[];
}

/**
 * Makes the recipe of a plan for one platform: the only place where a plan meets a toolchain and an image configuration.
 * Pure. Throws UserError UNSUPPORTED for a toolchain that is not there, BASE_INVALID for a base that cannot be used,
 * PLAN_INVALID for names that no package or user can have.
 */
export function lower(
  plan: BuildPlan,
  hints: Hints,
  settings: LowerSettings,
  given: Bases,
  { provision, toolchains = TOOLCHAINS }: LowerOptions = {},
): Recipe {
  const toolchain = findToolchain(settings.toolchain, toolchains);
  checkBases(given);
  toolchain.checkBase(given.build);
  const tooling = { plan, hints, settings, build: given.build, ...(provision && { provision }) };
  const bases = { ...given, build: withVariables(toolchain, tooling) };
  const lowering: Lowering = { ...tooling, build: bases.build, toolchain };
  const account = accountOf(plan, settings, bases);
  return {
    stages: stagesOf(lowering, bases, account),
    config: imageConfig(lowering, bases, account),
    annotations: baseAnnotations(finalBase(bases)),
    ownership: ownership(hints, account),
    created: settings.created,
    expected: toolchain.expected(plan),
    ...(toolchain.bringsMissing && { bringsMissing: toolchain.bringsMissing }),
    interpreter: LOGIN_BASH,
  };
}

/** What the toolchain brings is there as if the base had brought it. */
function withVariables(toolchain: Toolchain, tooling: Tooling): BaseFacts {
  const variables = Object.entries(toolchain.variables?.(tooling) ?? {});
  if (variables.length === 0) return tooling.build;
  const { config } = tooling.build;
  const Env = [...(config.Env ?? []), ...variables.map(([name, value]) => `${name}=${value}`)];
  return { ...tooling.build, config: { ...config, Env } };
}

function ownership(hints: Hints, account: Account): Ownership {
  const home = account.passwd !== undefined && account.uid !== 0 ? [account.home] : [];
  const paths = [APP, ASSETS, ...home, ...(hints.writable ?? [])];
  return { uid: account.uid, gid: account.gid, paths: [...new Set(paths)] };
}

function checkBases({ build, run }: Bases): void {
  if (!build.hasBash)
    throw invalidBase('The build image has no /bin/bash', 'Name a build_image that brings bash.');
  const triggers = finalBase({ build, ...(run && { run }) }).config['OnBuild'];
  if (Array.isArray(triggers) && triggers.length > 0)
    throw invalidBase(
      'The base image has ONBUILD instructions, which only a Dockerfile build can run',
      'Name a base image without ONBUILD instructions.',
    );
}

const invalidBase = (message: string, hint: string): UserError =>
  new UserError({ code: 'BASE_INVALID', message, hint });
