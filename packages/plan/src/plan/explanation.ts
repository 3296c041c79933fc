import type { BuildPlan } from './build-plan.js';

/** One choice that a provider made. */
export interface Decision {
  /** What was decided, e.g. `node version` or `start command`. */
  readonly subject: string;
  /** The answer, e.g. `nodejs_22`; undefined when there is none. */
  readonly choice: string | undefined;
  /** The rule or file that decided, e.g. `engines.node of package.json`. */
  readonly because: string;
  /** Stands out: probably not what the author of the source wants. */
  readonly warning?: string;
  /** One line when the choice is a guess: what was chosen, from what, and how to say it otherwise. */
  readonly guess?: string;
}

/** A decision, and whether it is nixpacks' own. */
export interface Choice extends Decision {
  /** What of ours decided, e.g. `extension flask`; absent for nixpacks' own answer. */
  readonly by?: string;
  /** What nixpacks' answer would have been; absent when it has none. */
  readonly instead?: string;
}

/** What a provider looked for. */
export interface Detection {
  readonly provider: string;
  readonly matched: boolean;
  /** What was there. */
  readonly found: readonly string[];
  /** What was looked for and is absent. */
  readonly missed: readonly string[];
}

/** Why a plan is as it is. Plain data; `explanationText` renders it. */
export interface Explanation {
  readonly detection: readonly Detection[];
  readonly decisions: readonly (Choice & { readonly provider: string })[];
  /** What was guessed, one line each. */
  readonly guesses: readonly string[];
  /** Packages that a base image must bring when Nix does not install them (`toolchain: base`). */
  readonly toolchain: readonly string[];
}

/** Nix packages and libraries of all phases, each once, in the order in which phases name them. */
export function toolchainOf(plan: BuildPlan): readonly string[] {
  const phases = Object.values(plan.phases ?? {});
  return [
    ...new Set(phases.flatMap((phase) => [...(phase.nixPkgs ?? []), ...(phase.nixLibs ?? [])])),
  ];
}

/**
 * The explanation for a terminal. Foreign text in it is not sanitized here. `isBrought`: a toolchain brings the packages, and
 * says itself which.
 */
export function explanationText(explanation: Explanation, isBrought = false): string {
  const { detection, decisions, toolchain } = explanation;
  const lines = [
    'Detection:',
    ...detection.map(detectionLine),
    'Decisions:',
    ...decisions.flatMap(decisionLines),
    `${isBrought ? 'The plan names the Nix packages' : 'A base image must bring (toolchain: base)'}: ${toolchain.length === 0 ? 'nothing' : toolchain.join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function detectionLine({ provider, matched, found, missed }: Detection): string {
  if (matched) return `  ${provider}: yes, found ${found.join(', ')}`;
  const missing = missed.length === 0 ? '' : `, looked for ${missed.join(', ')}`;
  const partial = found.length === 0 ? '' : `, found only ${found.join(', ')}`;
  return `  ${provider}: no${missing}${partial}`;
}

function decisionLines({
  provider,
  subject,
  choice,
  because,
  warning,
  guess,
  ...origin
}: Explanation['decisions'][number]): string[] {
  const line = `  ${provider}: ${subject}: ${choice ?? 'none'} (${because}${originText(origin)})`;
  return [
    line,
    ...(warning === undefined ? [] : [`    warning: ${warning}`]),
    ...(guess === undefined ? [] : [`    guess: ${guess}`]),
  ];
}

const originText = ({ by, instead }: Pick<Choice, 'by' | 'instead'>): string =>
  by === undefined ? '' : `; by ${by}, nixpacks: ${instead ?? 'none'}`;

/** What is not nixpacks' answer, one line each; nothing when all is. */
export const oursText = ({ decisions }: Explanation): readonly string[] =>
  decisions.flatMap(({ by, subject, because, instead }) =>
    by === undefined
      ? []
      : [`${subject} by ${by}: ${because} (nixpacks: ${shortened(instead ?? 'none')})`],
  );

const SHOWN = 80;
const shortened = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN).trimEnd()} …` : text;
