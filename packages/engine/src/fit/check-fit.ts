import { UserError, type Problem } from '@nx-nixpack/base';
import type { Hints, RuntimeWish } from '@nx-nixpack/plan';
import type { Recipe, Stage } from '../recipe/recipe.js';
import { finalBase, type BaseFacts, type Bases } from '../recipe/settings.js';
import { programsDemanded } from './demands.js';
import { KNOWN_PROGRAMS, RUN_BY } from './known-programs.js';
import { isAskedFor } from './asked-for.js';

/**
 * Compares what a recipe runs with what its bases bring, before anything is installed. Throws UserError BASE_UNFIT for a
 * program that is not there or has another version than the source asks for. What cannot be known counts as fit.
 */
export function checkFit(recipe: Recipe, { runtimes = [] }: Hints, bases: Bases): void {
  const phases = recipe.stages.flatMap(commandsOf);
  const start = (recipe.config.Cmd ?? []).join(' ');
  const build = unfit(programsDemanded(phases), bases.build, 'build_image', runtimes);
  const brought = bases.run === undefined ? phases : [];
  const started = programsDemanded([...brought, start]).filter(
    (program) => bases.run !== undefined || !programsDemanded(phases).includes(program),
  );
  const key = bases.run === undefined ? 'build_image' : 'run_image';
  const run = unfit(started, finalBase(bases), key, runtimes);
  const problems = [...build, ...run];
  if (problems.length > 0) throw UserError.of(problems);
}

const commandsOf = ({ steps }: Stage): string[] =>
  steps.flatMap((step) => (step.kind === 'run' ? [step.command] : []));

function unfit(
  demanded: readonly string[],
  { programs }: BaseFacts,
  key: 'build_image' | 'run_image',
  wishes: readonly RuntimeWish[],
): Problem[] {
  if (programs === undefined) return [];
  const below = demanded
    .map((program) => RUN_BY[program] ?? '')
    .filter((program) => programs[program] !== undefined);
  return [...new Set([...demanded, ...below])].flatMap((program) => {
    const wish = wishes.find(({ name }) => name === KNOWN_PROGRAMS[program]?.runtime);
    const found = programs[program];
    if (found === undefined) return [missing(program, programs, key, wish)];
    if (wish === undefined || isAskedFor(found, wish)) return [];
    return [otherVersion(program, found, key, wish)];
  });
}

function missing(
  program: string,
  programs: Readonly<Record<string, string>>,
  key: string,
  wish: RuntimeWish | undefined,
): Problem {
  const there = Object.entries(programs).map(([name, version]) => `${name} ${version}`.trim());
  const what = there.length === 0 ? 'none of the programs that plans run' : there.join(', ');
  return problem(`The ${key} has no ${program}${wishText(wish)}; it has ${what}`, key, program);
}

const otherVersion = (program: string, found: string, key: string, wish: RuntimeWish): Problem =>
  problem(
    `The ${key} has ${program} ${found}, and ${wish.from ?? 'the source'} asks for ${wish.version ?? ''}`,
    key,
    program,
  );

function wishText(wish: RuntimeWish | undefined): string {
  if (wish?.version === undefined) return '';
  return ` (${wish.version} is asked for by ${wish.from ?? 'default'})`;
}

const problem = (message: string, key: string, program: string): Problem => ({
  code: 'BASE_UNFIT',
  message,
  hint: `Name a ${key} that has it, write toolchain: debian, which brings it, or change the command or version that needs ${program}.`,
});
