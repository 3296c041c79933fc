import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import type { Provision } from '../toolchains/provision.js';
import { TOOLCHAINS } from '../toolchains/index.js';
import type { LowerSettings } from './settings.js';

/** Lines for the user: what was decided when the plan became a recipe, and why. */
export function explainLowering(
  plan: BuildPlan,
  hints: Hints,
  settings: LowerSettings,
  provision?: Provision,
): readonly string[] {
  const toolchain = TOOLCHAINS.find(({ name }) => name === settings.toolchain);
  const brought = provision === undefined ? {} : { provision };
  return [
    // What the base must bring is part of the plan's own explanation.
    ...(toolchain?.explain({ plan, hints, settings, ...brought }) ?? []),
    ...installLines(plan, hints),
    ...dropLines(hints, settings),
  ];
}

function installLines(plan: BuildPlan, hints: Hints): string[] {
  const install = plan.phases?.['install'];
  if (!install?.cmds?.length) return [];
  const files = install.onlyIncludeFiles ?? hints.installInputs;
  if (files) return [`install runs again only when these change: ${files.join(', ')}`];
  const reason = hints.installInputsReason ?? 'the provider cannot tell which files it reads';
  return [`install runs again when any file of the source changes: ${reason}`];
}

function dropLines(hints: Hints, { devDependencies: { drop, reason } }: LowerSettings): string[] {
  if (hints.dropDevDependencies === undefined) return [];
  return [`dev dependencies are ${drop ? 'dropped from' : 'kept in'} the image: ${reason}`];
}
