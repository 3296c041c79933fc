import { compareText } from '@nx-nixpack/base';

import type { Phase } from './build-plan.js';

/** A Nix package as a provider names it. */
export interface NixPackage {
  /** An attribute of nixpkgs, or a whole expression in parentheses. */
  readonly name: string;
  /** Renders as `(NAME.override { KEY = VALUE; })`. */
  readonly override?: readonly [key: string, value: string];
  readonly overlay?: string;
}

type More = Omit<Phase, 'name' | 'nixPkgs' | 'nixOverlays'>;

/** The setup phase with these packages; their overlays are listed even when there are none. */
export function setupPhase(packages: readonly (string | NixPackage)[], more: More = {}): Phase {
  const named = packages.map((each) => (typeof each === 'string' ? { name: each } : each));
  return {
    ...more,
    name: 'setup',
    nixPkgs: named.map(rendered),
    nixOverlays: [...new Set(named.flatMap((each) => each.overlay ?? []))],
  };
}

/** The install phase: after setup, with these commands if there are any. */
export function installPhase(cmds: readonly string[], more: Omit<Phase, 'name'> = {}): Phase {
  return { name: 'install', dependsOn: ['setup'], ...commands(cmds), ...more };
}

/** The build phase: after install, with these commands if there are any. */
export function buildPhase(cmds: readonly string[], more: Omit<Phase, 'name'> = {}): Phase {
  return { name: 'build', dependsOn: ['install'], ...commands(cmds), ...more };
}

/** Dependencies of a build phase that was told to wait for setup as well. */
export const AFTER_INSTALL_AND_SETUP = ['install', 'setup'] as const;

/** Cache directories as a phase lists them: each once, in byte order. */
export function caches(...directories: readonly string[]): readonly string[] {
  return [...new Set(directories)].sort(compareText);
}

const commands = (cmds: readonly string[]): Pick<Phase, 'cmds'> =>
  cmds.length === 0 ? {} : { cmds };

function rendered({ name, override }: NixPackage): string {
  return override === undefined ? name : `(${name}.override { ${override[0]} = ${override[1]}; })`;
}
