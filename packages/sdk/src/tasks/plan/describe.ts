import { canonicalJson, sanitize } from '@nx-nixpack/base';
import { explainLowering } from '@nx-nixpack/engine/explain';
import { explanationText, oursText, phaseOrder } from '@nx-nixpack/plan';
import { planRecord, type PlatformPlan } from '../../records/plan.js';
import { onlyPlatform } from '../../records/platforms.js';
import type { PlannedImage } from './task.js';

export interface DescribeOptions {
  readonly explain: boolean;
  readonly json: boolean;
}

/** The plan as a user reads it, safe for a terminal; with `explain` why it is what it is. */
export function describePlan(planned: PlannedImage, { explain, json }: DescribeOptions): string {
  if (json) return terminalSafe(jsonOf(planned, explain).trimEnd());
  const lines = explain ? explanationLines(planned) : [];
  return sanitize([...summary(planned), ...lines].join('\n'));
}

const jsonOf = (planned: PlannedImage, explain: boolean): string =>
  explain ? canonicalJson(explanation(planned)) : planRecord.encode(planned.plan).toString('utf8');

const planOf = ({ plan }: PlannedImage): PlatformPlan => onlyPlatform(plan.platforms)[1];

function lowering(planned: PlannedImage): readonly string[] {
  const { plan, hints, settings, provision } = planOf(planned);
  return explainLowering(plan, hints, settings, provision);
}

const explanation = (planned: PlannedImage): object => ({
  ...planned.explanation,
  lowering: lowering(planned),
});

function explanationLines(planned: PlannedImage): string[] {
  const lines = lowering(planned).map((line) => `  ${line}`);
  const isBrought = planOf(planned).settings.toolchain !== 'base';
  return [explanationText(planned.explanation, isBrought).trimEnd(), 'Image:', ...lines];
}

/** JSON escapes the C0 controls; these would reach a terminal, and mean the same escaped. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const terminalSafe = (text: string): string =>
  text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

function summary(planned: PlannedImage): string[] {
  const { deployment, component, source } = planned.plan;
  const { providers, plan, bases, provision } = planOf(planned);
  const members = planned.members.map(({ directory, why }) => `  library   ${directory} (${why})`);
  return [
    `planned ${deployment}/${component}: ${planned.plan.base ? 'a base' : providers.join(', ') || 'no provider'}`,
    `  base      ${baseText(bases, provision)}`,
    ...members,
    ...phaseOrder(plan).flatMap((name) => phaseLines(name, plan.phases?.[name])),
    ...(planned.plan.base ? [] : [`  start     ${plan.start?.cmd ?? ''}`]),
    ...oursText(planned.explanation).map((line) => `  ours      ${line}`),
    ...planned.explanation.guesses.map((line) => `  guess     ${line}`),
    `  source    ${source.digest.slice(0, 19)}…`,
  ];
}

function baseText(
  { build, run }: PlatformPlan['bases'],
  provision: PlatformPlan['provision'],
): string {
  const composed = `Debian ${provision?.release ?? ''}, composed`;
  const base = build?.reference ?? composed;
  return run === undefined ? base : `${base}, run on ${run.reference}`;
}

function phaseLines(
  name: string,
  phase: { cmds?: readonly string[]; aptPkgs?: readonly string[] } | undefined,
): string[] {
  const apt = (phase?.aptPkgs ?? []).length > 0 ? [`apt: ${phase?.aptPkgs?.join(' ') ?? ''}`] : [];
  return [...apt, ...(phase?.cmds ?? [])].map((line) => `  ${name.padEnd(9)} ${line}`);
}
