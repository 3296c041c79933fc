import { canonicalJson, sanitize } from '@nx-nixpack/base';
import { explainLowering } from '@nx-nixpack/engine/explain';
import { explanationText, phaseOrder } from '@nx-nixpack/plan';
import { lowerSettings } from '../build/lower-settings.js';
import type { PlannedImage } from './task.js';

export interface DescribeOptions {
  readonly explain: boolean;
  readonly json: boolean;
}

/** The plan as a user reads it, safe for a terminal; with `explain` why it is what it is. */
export function describePlan(planned: PlannedImage, { explain, json }: DescribeOptions): string {
  if (json)
    return terminalSafe(canonicalJson(explain ? explanation(planned) : planned.plan).trimEnd());
  const lines = explain ? explanationLines(planned) : [];
  return sanitize([...summary(planned), ...lines].join('\n'));
}

const lowering = ({ plan }: PlannedImage): readonly string[] =>
  explainLowering(plan.plan, plan.hints, lowerSettings(plan));

const explanation = (planned: PlannedImage): object => ({
  ...planned.explanation,
  lowering: lowering(planned),
});

function explanationLines(planned: PlannedImage): string[] {
  const lines = lowering(planned).map((line) => `  ${line}`);
  return [explanationText(planned.explanation).trimEnd(), 'Image:', ...lines];
}

/** JSON escapes the C0 controls; these would reach a terminal, and mean the same escaped. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const terminalSafe = (text: string): string =>
  text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

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
