import type { BuildPlan } from '../plan/build-plan.js';
import { toolchainOf } from '../plan/explanation.js';
import type { Choice, Detection, Explanation } from '../plan/explanation.js';
import type { NamedProvided } from './assemble-plan.js';

type Named = Explanation['decisions'][number];

/** Why the plan is as it is. What the user's own words replaced was neither guessed nor answered by us. */
export function explain(
  detection: readonly Detection[],
  provided: readonly NamedProvided[],
  plan: BuildPlan,
): Explanation {
  const decisions = provided.flatMap(({ name, provided: answer }): readonly Named[] =>
    (answer?.decisions ?? []).map((decision) => ({ provider: name, ...decision })),
  );
  const valid = decisions.filter((decision) => stands(decision, plan));
  return {
    detection,
    decisions: decisions.map((decision) => (valid.includes(decision) ? decision : plain(decision))),
    guesses: valid.flatMap(({ guess }) => guess ?? []),
    toolchain: toolchainOf(plan),
  };
}

/** Whether the plan still holds what was decided, as far as that can be seen. */
function stands({ subject, choice }: Choice, { start, phases }: BuildPlan): boolean {
  if (choice === undefined) return true;
  if (subject === 'start command') return start?.cmd === choice;
  if (subject === 'build command') return phases?.['build']?.cmds?.includes(choice) ?? false;
  return true;
}

function plain({ by: _by, instead: _instead, guess: _guess, ...decision }: Named): Named {
  return decision;
}
