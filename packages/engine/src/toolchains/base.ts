import { nixPackages } from '../recipe/packages.js';
import type { Toolchain } from './toolchain.js';

/** The build image brings every program that the plan names. */
export const base: Toolchain = {
  name: 'base',
  checkBase: () => {},
  steps: () => [],
  // What a provider contributed prepares for Nix packages, which are not there.
  leavesOut: (command, { hints }) => hints.setupCommands?.includes(command) ?? false,
  imageCopies: () => [],
  expected: nixPackages,
  explain: ({ plan, hints }) =>
    (plan.phases?.['setup']?.cmds ?? [])
      .filter((command) => base.leavesOut(command, { hints }))
      .map((command) => `left out, it prepares for Nix packages: ${command}`),
};
