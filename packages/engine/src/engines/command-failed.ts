import { sanitize, UserError, type CommandResult } from '@nx-nixpack/base';
import type { Recipe, Step } from '../recipe/recipe.js';

type RunStep = Extract<Step, { kind: 'run' }>;

const KEPT_LINES = 20;
/** Of each of them; the rest was printed when it came. */
const KEPT_CHARACTERS = 500;
const NOT_FOUND = 127;

/** The last lines that a command printed. */
export class Tail {
  readonly #lines: string[] = [];
  readonly #kept: number;

  constructor(kept = KEPT_LINES) {
    this.#kept = kept;
  }

  add(line: string): void {
    this.#lines.push(line.slice(0, KEPT_CHARACTERS));
    if (this.#lines.length > this.#kept) this.#lines.shift();
  }
  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** What a recipe says of programs that its commands may miss. */
export type MissingPrograms = Pick<Recipe, 'expected' | 'bringsMissing'>;

/** A command of the plan failed. */
export function commandFailed(
  step: RunStep,
  { exitCode, signal }: Pick<CommandResult, 'exitCode' | 'signal'>,
  lines: readonly string[],
  programs: MissingPrograms,
): UserError {
  const how =
    exitCode === undefined
      ? `was ended by ${signal ?? 'a signal'}`
      : `failed with exit code ${exitCode}`;
  const output = lines.map((line) => `\n  | ${sanitize(line)}`).join('');
  return new UserError({
    code: 'COMMAND_FAILED',
    message: `The command of phase ${step.phase} ${how}: ${shortened(step.command)}${output}`,
    hint: exitCode === NOT_FOUND ? missing(lines, programs) : hintFor(step),
  });
}

function missing(lines: readonly string[], { expected, bringsMissing }: MissingPrograms): string {
  const program = lines
    .map((line) => /([^\s:]+): (?:command )?not found/.exec(line)?.[1])
    .find(Boolean);
  const what = program === undefined ? 'A program' : `"${sanitize(program)}"`;
  if (bringsMissing !== undefined) return `${what} is not in the image. ${bringsMissing}`;
  if (expected.length === 0) return `${what} is not in the build image: name one that has it.`;
  return `${what} is not in the build image: the plan expects ${expected.join(', ')} there. Name a build_image that has them.`;
}

const hintFor = (step: RunStep): string =>
  step.network
    ? 'Read what the command printed; the same command fails in the same way when it is run by hand in the build image.'
    : `Read what the command printed; phase ${step.phase} has no network, set network: { ${step.phase}: true } if it needs it.`;

function shortened(command: string): string {
  const line = sanitize(command).replaceAll('\n', '; ');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
