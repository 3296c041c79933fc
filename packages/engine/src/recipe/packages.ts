import { DEBIAN_PACKAGE } from '@nx-nixpack/data';
import { compareText, UserError } from '@nx-nixpack/base';
import type { BuildPlan } from '@nx-nixpack/plan';

/** Names in the order of the phases' names. Throws UserError PLAN_INVALID for what apt-get would read as an option. */
export function aptPackages(plan: BuildPlan): string[] {
  const names = unique(phases(plan).flatMap(({ aptPkgs = [] }) => aptPkgs));
  const bad = names.find((name) => !DEBIAN_PACKAGE.test(name));
  if (bad === undefined) return names;
  throw new UserError({
    code: 'PLAN_INVALID',
    message: `"${bad}" is not the name of an apt package`,
    hint: 'Use names such as "curl" or "curl=7.88.1-10" for apt packages.',
  });
}

/** What the plan wants from Nix and a base must bring with `toolchain: base`. */
export const nixPackages = (plan: BuildPlan): string[] =>
  unique(phases(plan).flatMap(({ nixPkgs = [], nixLibs = [] }) => [...nixPkgs, ...nixLibs]));

function phases(plan: BuildPlan) {
  const all = plan.phases ?? {};
  return Object.keys(all)
    .sort(compareText)
    .flatMap((name) => all[name] ?? []);
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
