import { compareText } from '@nx-nixpack/base';
import type { LowerSettings } from '@nx-nixpack/engine';
import type { PlanRecord } from '../../records/records.js';

/** What lowering needs of a plan record besides the plan itself. */
export function lowerSettings({
  deployment,
  component,
  settings,
  source,
}: PlanRecord): LowerSettings {
  const { toolchain, user, env, buildEnv, network, devDependencies, ports, labels, created } =
    settings;
  return {
    toolchain,
    user,
    env,
    buildEnv,
    secrets: Object.entries(settings.secrets)
      .map(([name, { as, phases }]) => ({ name, as, ...(phases ? { phases } : {}) }))
      .sort((a, b) => compareText(a.name, b.name)),
    network,
    devDependencies,
    ports,
    labels,
    sourceDirectory: source.placedAt,
    inWorkspace: source.placedAt !== '',
    created,
    cacheScope: `${deployment}/${component}`,
  };
}
