import { canonicalJson } from '@nx-nixpack/base';
import type { Platform } from '@nx-nixpack/data';
import type { BaseReference } from '@nx-nixpack/deployment';
import { knownPin } from '../bases/pin-bases.js';
import { wantedBases } from '../bases/wanted-bases.js';
import { rejected } from '../records/outputs.js';
import type { BasePin, PlanRecord, PlatformPlan } from '../records/plan.js';
import { sourceDirectory } from '../tasks/plan/source-record.js';
import { secretVariables, writtenSettings } from '../tasks/plan/settings.js';
import type { Described } from '../workspace/index.js';

type Pair = readonly [field: string, found: unknown, wanted: unknown];

/**
 * Compares a plan with what the deployment file and the lock file of bases say now. What planning found out (providers,
 * commands, digests of tags) is not among that. Throws UserError CACHE_RESULT_REJECTED naming the field.
 */
export function checkPlan(
  path: string,
  plan: PlanRecord,
  workspaceRoot: string,
  described: Described,
): void {
  const pairs = [
    ...identity(plan, described),
    ...Object.entries(plan.platforms).flatMap(([platform, planned]) =>
      [
        ...settingsOf(planned, described),
        ...basesOf(planned, platform as Platform, workspaceRoot, described),
      ].map(([field, ...values]): Pair => [`platforms.${platform}.${field}`, ...values]),
    ),
  ];
  for (const [field, found, wanted] of pairs)
    if (canonicalJson([found]) !== canonicalJson([wanted]))
      throw rejected(`${path}: ${field} is not what the deployment file says`, 'plan-image');
}

function identity(plan: PlanRecord, { deployment, component }: Described): Pair[] {
  const { workspace, include, base } = component.vars;
  return [
    ['deployment', plan.deployment, deployment.name],
    ['component', plan.component, component.name],
    ['base', plan.base, base],
    ['source.directory', plan.source.directory, sourceDirectory(component)],
    ['source.workspace', plan.source.workspace, workspace],
    ['source.include', plan.source.include, include],
    ['secrets', plan.secrets, secretVariables(component)],
    ['platforms', Object.keys(plan.platforms).sort(), [...component.settings.platforms].sort()],
  ];
}

function settingsOf({ settings }: PlatformPlan, { deployment, component }: Described): Pair[] {
  const found = new Map<string, unknown>(Object.entries(settings));
  return Object.entries(writtenSettings(deployment, component)).map(([name, wanted]) => [
    `settings.${name}`,
    found.get(name),
    wanted,
  ]);
}

function basesOf(
  { plan, bases }: PlatformPlan,
  platform: Platform,
  workspaceRoot: string,
  { component: { settings } }: Described,
): Pair[] {
  const pair = (
    name: string,
    found: BasePin | undefined,
    base: BaseReference | undefined,
  ): Pair => {
    if (base === undefined) return [name, found, undefined];
    const known = knownPin(base, { workspaceRoot, platform });
    // Of a tag, or a layout, only a look at it says more.
    const digest = known.digest ?? found?.digest;
    const isLooked = known.component === undefined && digest !== undefined;
    return [name, found, { ...known, ...(isLooked ? { digest } : {}) }];
  };
  const wanted = wantedBases(settings, plan);
  return [pair('bases.build', bases.build, wanted.build), pair('bases.run', bases.run, wanted.run)];
}
