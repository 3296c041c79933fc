import type { NixpackComponent } from '@nx-nixpack/deployment';
import type { BuildPlan, Phase } from '@nx-nixpack/plan';

/** Keeps what the provider plans and adds to it; without the marker the provider's list would be replaced. */
const extending = (values: readonly string[]): readonly string[] => [...values, '...'];

/** The overrides of the deployment file as a partial plan, merged last. Absent lists stay absent, so overlays survive. */
export function callerPlan({ vars }: NixpackComponent): BuildPlan {
  const setup: Phase = {
    ...(vars.pkgs.length > 0 ? { nixPkgs: extending(vars.pkgs) } : {}),
    ...(vars.libs.length > 0 ? { nixLibs: extending(vars.libs) } : {}),
    ...(vars.aptPkgs.length > 0 ? { aptPkgs: extending(vars.aptPkgs) } : {}),
  };
  const phases: Record<string, Phase> = {
    ...(Object.keys(setup).length > 0 ? { setup } : {}),
    ...(vars.installCmd === undefined
      ? {}
      : { install: { dependsOn: ['setup'], cmds: [vars.installCmd] } }),
    ...(vars.buildCmd === undefined
      ? {}
      : { build: { dependsOn: ['install'], cmds: [vars.buildCmd] } }),
  };
  return {
    ...(vars.providers === undefined ? {} : { providers: vars.providers }),
    ...(Object.keys(phases).length > 0 ? { phases } : {}),
    ...(vars.startCmd === undefined ? {} : { start: { cmd: vars.startCmd } }),
  };
}
