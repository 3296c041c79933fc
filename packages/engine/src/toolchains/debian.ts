import { UserError } from '@nx-nixpack/base';
import { installPackages } from './debian/install-packages.js';
import { requestOf } from './debian/request-of.js';
import { recordOf } from './debian/toolchain-record.js';
import { write } from '../recipe/accounts.js';
import { explainDebian } from './debian/explain.js';
import type { Provision, ResolvedRuntime } from './provision.js';
import { RUNTIMES } from './runtimes/index.js';
import type { RuntimeSteps } from './runtimes/runtime.js';
import type { Step } from '../recipe/recipe.js';
import type { Toolchain, Tooling } from './toolchain.js';

/**
 * Debian's packages and the languages' own channels bring the programs, on any base that is a Debian, or on one that is composed
 * for it. What only the build needs is in a stage of its own.
 */
export const debian: Toolchain = {
  name: 'debian',
  bringsAptPackages: true,
  checkBase: () => {},
  request: requestOf,
  steps: (tooling) => {
    const provision = provisionOf(tooling);
    const run = installed(provision, 'run', 'packages');
    const runtimes = provision.runtimes.flatMap((one) => stepsOf(one).run);
    const kept = tooling.settings.keepBuildTools === true ? buildSteps(provision) : [];
    const steps = [...run, ...runtimes, ...kept];
    return [...steps, ...recordSteps(provision, steps)];
  },
  buildSteps: (tooling) =>
    tooling.settings.keepBuildTools === true ? [] : buildSteps(provisionOf(tooling)),
  variables: (tooling) =>
    Object.assign({}, ...provisionOf(tooling).runtimes.map(({ env }) => env)) as ReturnType<
      NonNullable<Toolchain['variables']>
    >,
  // What a provider contributed prepares for Nix packages, which are not there.
  leavesOut: (command, { hints }) => hints.setupCommands?.includes(command) ?? false,
  imageCopies: () => [],
  expected: () => [],
  bringsMissing:
    'Name the package of Debian that has it under apt_pkgs, or the Nix package under pkgs; what only a project brings, its own install must bring.',
  explain: explainDebian,
};

function buildSteps(provision: Provision): readonly Step[] {
  const runtimes = provision.runtimes.flatMap((one) => stepsOf(one).build);
  return [...installed(provision, 'build', 'tools'), ...runtimes];
}

function installed(provision: Provision, kind: 'run' | 'build', what: string): Step[] {
  const packages = provision[kind];
  const isRenewing = provision.base === undefined;
  return packages.length === 0 ? [] : [installPackages(packages, what, { isRenewing })];
}

function recordSteps(provision: Provision, steps: readonly Step[]): Step[] {
  const record = recordOf(provision, steps);
  return record === undefined ? [] : [write(record.path, record.content)];
}

function stepsOf(resolved: ResolvedRuntime): RuntimeSteps {
  const runtime = RUNTIMES.find(({ name }) => name === resolved.name);
  if (runtime) return runtime.steps(resolved);
  throw new Error(`the plan names a runtime "${resolved.name}" that is not there`);
}

function provisionOf({ provision }: Pick<Tooling, 'provision'>): Provision {
  if (provision) return provision;
  throw new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: 'The plan does not say what its toolchain brings',
    hint: 'Run plan-image again.',
  });
}
