import type { Tooling } from '../toolchain.js';

/** Lines for the user: what is brought, for whom, and what is left out. */
export function explainDebian({
  plan,
  hints,
  settings,
  provision,
}: Pick<Tooling, 'plan' | 'hints' | 'settings' | 'provision'>): string[] {
  const left = (plan.phases?.['setup']?.cmds ?? []).filter((command) =>
    hints.setupCommands?.includes(command),
  );
  return [
    ...(provision ? provisionLines(provision, settings.keepBuildTools === true) : []),
    ...left.map((command) => `left out, it prepares for Nix packages: ${command}`),
  ];
}

function provisionLines(
  { release, base, run, build, runtimes }: NonNullable<Tooling['provision']>,
  kept: boolean,
): string[] {
  const composed = base === undefined ? '' : `, the base is composed of ${base.length} packages`;
  return [
    `the tools are Debian ${release}'s${composed}`,
    ...runtimes.map(({ name, version, wanted }) =>
      wanted === '' ? `${name} ${version}` : `${name} ${version}, wanted: ${wanted}`,
    ),
    `packages of the image beyond its base: ${run.length}; of the build alone: ${build.length}`,
    kept
      ? 'compilers and headers stay in the image: keep_build_tools is set'
      : 'compilers and headers stay in the build: keep_build_tools is not set',
  ];
}
