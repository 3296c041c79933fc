import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import type { LowerSettings } from './settings.js';

/** Lines for the user: what was decided when the plan became a recipe, and why. */
export function explainLowering(
  plan: BuildPlan,
  hints: Hints,
  settings: LowerSettings,
): readonly string[] {
  return [
    ...setupLines(plan, hints, settings),
    ...installLines(plan, hints),
    ...dropLines(hints, settings),
  ];
}

/** What the base must bring is part of the plan's own explanation. */
function setupLines(plan: BuildPlan, hints: Hints, { toolchain }: LowerSettings): string[] {
  if (toolchain !== 'base') return [];
  const cmds = plan.phases?.['setup']?.cmds ?? [];
  const skipped = cmds.filter((command) => hints.setupCommands?.includes(command));
  return skipped.map((command) => `left out, it prepares for Nix packages: ${command}`);
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
