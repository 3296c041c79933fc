import { UserError } from '@nx-nixpack/base';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import type { Ownership, Recipe } from './recipe.js';
import { accountOf, type Account } from './accounts.js';
import { baseAnnotations, imageConfig } from './image-config.js';
import { nixPackages } from './packages.js';
import { APP, ASSETS, type Lowering } from './phases.js';
import { finalBase, type Bases, type LowerSettings } from './settings.js';
import { stagesOf } from './stages.js';

/**
 * Makes the recipe of a plan for one platform: the only place where a plan meets a toolchain and an image configuration.
 * Pure. Throws UserError UNSUPPORTED for `toolchain: nix`, BASE_INVALID for a base that cannot be used,
 * PLAN_INVALID for names that no package or user can have.
 */
export function lower(
  plan: BuildPlan,
  hints: Hints,
  settings: LowerSettings,
  bases: Bases,
): Recipe {
  checkToolchain(settings);
  checkBases(bases);
  const lowering: Lowering = { plan, hints, settings, build: bases.build };
  const account = accountOf(plan, settings, bases);
  return {
    stages: stagesOf(lowering, bases, account),
    config: imageConfig(lowering, bases, account),
    annotations: baseAnnotations(finalBase(bases)),
    ownership: ownership(hints, account),
    created: settings.created,
    expected: nixPackages(plan),
  };
}

function ownership(hints: Hints, account: Account): Ownership {
  const home = account.passwd !== undefined && account.uid !== 0 ? [account.home] : [];
  const paths = [APP, ASSETS, ...home, ...(hints.writable ?? [])];
  return { uid: account.uid, gid: account.gid, paths: [...new Set(paths)] };
}

function checkToolchain({ toolchain }: LowerSettings): void {
  if (toolchain !== 'nix') return;
  throw new UserError({
    code: 'UNSUPPORTED',
    message: 'Installing packages with Nix (toolchain: nix) is not supported yet',
    hint: 'Set toolchain: base and name a build_image that brings the tools of the plan.',
  });
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
