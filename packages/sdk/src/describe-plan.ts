import { canonicalJson } from '@nx-nixpack/base';
import { explanationText, phaseOrder } from '@nx-nixpack/plan';
import type { PlannedImage } from './plan-image.js';

export interface DescribeOptions {
  readonly explain: boolean;
  readonly json: boolean;
}

/** The plan as a user reads it; with `explain` why it is what it is. */
export function describePlan(planned: PlannedImage, { explain, json }: DescribeOptions): string {
  if (json) return canonicalJson(explain ? planned.explanation : planned.plan).trimEnd();
  return [...summary(planned), ...(explain ? [explanationText(planned.explanation)] : [])].join(
    '\n',
  );
}

function summary({ plan, members: libraries }: PlannedImage): string[] {
  const { bases, source } = plan;
  const members = libraries.map(({ directory, why }) => `  library   ${directory} (${why})`);
  return [
    `planned ${plan.deployment}/${plan.component}: ${plan.providers.join(', ') || 'no provider'}`,
    ...(bases.run
      ? [`  base      ${bases.build.reference}, run on ${bases.run.reference}`]
      : [`  base      ${bases.build.reference}`]),
    ...members,
    ...phaseOrder(plan.plan).flatMap((name) => phaseLines(name, plan.plan.phases?.[name])),
    `  start     ${plan.plan.start?.cmd ?? ''}`,
    `  source    ${source.digest.slice(0, 19)}…`,
  ];
}

function phaseLines(
  name: string,
  phase: { cmds?: readonly string[]; aptPkgs?: readonly string[] } | undefined,
): string[] {
  const apt = (phase?.aptPkgs ?? []).length > 0 ? [`apt: ${phase?.aptPkgs?.join(' ') ?? ''}`] : [];
  return [...apt, ...(phase?.cmds ?? [])].map((line) => `  ${name.padEnd(9)} ${line}`);
}
