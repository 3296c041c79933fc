import { didYouMean, quote, UserError } from '@nx-nixpack/base';
import type { NixpackComponent } from '@nx-nixpack/deployment';
import { phaseOrder, type BuildPlan } from '@nx-nixpack/plan';

/** Ends every build that drops what only it needed; no phase of a plan. */
const PRUNE = 'prune';

/** A secret that no command would get is a mistake that a build shows late, as a refusal of some registry. */
export function refuseSecretsForNobody(plan: BuildPlan, component: NixpackComponent): void {
  const phases = phaseOrder(plan).filter((name) => {
    const { cmds = [], aptPkgs = [] } = plan.phases?.[name] ?? {};
    return cmds.length + aptPkgs.length > 0;
  });
  const problems = Object.entries(component.settings.secrets).flatMap(([name, secret]) => {
    const unknown = secret.phases?.find((phase) => phase !== PRUNE && !phases.includes(phase));
    if (unknown === undefined) return [];
    return {
      code: 'CONFIG_INVALID_VALUE' as const,
      message: `${component.id}: the secret ${name} is lent to the phase ${unknown}, which runs nothing in this plan`,
      hint: `Name the phases that need it: phases: [${phases.join(', ')}].`,
      at: component.at,
    };
  });
  if (problems.length > 0) throw UserError.of(problems);
}

/** What plans of most languages have; a file that several components share may name one that this plan lacks. */
const USUAL = ['setup', 'install', 'build', PRUNE];

/** A misspelled phase would keep the network that its author took from it. */
export function refuseNetworkForNobody(plan: BuildPlan, component: NixpackComponent): void {
  const known = [...new Set([...USUAL, ...phaseOrder(plan)])];
  const unknown = Object.keys(component.settings.network).filter((name) => !known.includes(name));
  const problems = unknown.map((name) => ({
    code: 'CONFIG_INVALID_VALUE' as const,
    message: `${component.id}: network names the phase ${quote(name)}, which this plan does not have`,
    hint: didYouMean(name, known),
    at: component.at,
  }));
  if (problems.length > 0) throw UserError.of(problems);
}
