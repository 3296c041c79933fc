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
  const { keepDevDependencies: kept, dropDevDependencies: command } = hints;
  if (kept !== undefined) return [`dev dependencies are kept in the image: ${kept}`];
  if (command === undefined) return [];
  return [
    `what only the build needs is ${drop ? 'dropped from' : 'kept in'} the image: ${reason}`,
    ...(drop ? [`it is dropped by: ${shortened(command)}`] : []),
  ];
}

const SHOWN = 100;
const shortened = (command: string): string => {
  const [line = ''] = command.replace(/^node -e '\s*/, '').split('\n');
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
};
