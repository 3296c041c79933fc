import type { Amended, Amendment, Question } from '../amendments/amendment.js';
import type { BuildPlan, Hints } from '../plan/build-plan.js';

/** How a program is started. */
export interface Start {
  readonly cmd: string;
  /** What was seen. */
  readonly because: string;
  /** One line when more than one answer was possible. */
  readonly guess?: string | undefined;
  /** Where it listens when PORT is not set. */
  readonly port?: number;
  /** The plan that the command needs, when the provider's is not enough. */
  readonly plan?: BuildPlan;
  readonly hints?: Hints;
}

/** An extension that answers how to start: the first that knows it does, and only where nobody said so before. */
export const startExtension = (
  name: string,
  providers: readonly string[],
  answer: (question: Question) => Start | undefined,
): Amendment => ({
  name,
  providers,
  amend: (question) => {
    if (question.over.start?.cmd !== undefined) return undefined;
    if (question.decided.has('start command')) return undefined;
    const start = answer(question);
    return start && started(question, start);
  },
});

/** The port of the environment, or the usual one. */
export const portOr = (usual: number): string => `\${PORT:-${usual}}`;

function started(question: Question, start: Start): Amended {
  const { cmd, because, guess, port, plan = question.plan, hints = question.hints } = start;
  return {
    plan: { ...plan, start: { ...plan.start, cmd } },
    hints: port === undefined ? hints : { ...hints, ports: [port] },
    decisions: [
      { subject: 'start command', choice: cmd, because, ...(guess === undefined ? {} : { guess }) },
    ],
  };
}
