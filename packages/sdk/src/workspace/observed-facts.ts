import type { WorkspaceFacts } from '@nx-nixpack/deployment';

type Facts = Required<WorkspaceFacts>;
type Question = keyof Facts;

/** Facts of a workspace that remember what was asked, so that they can tell whether others would answer the same. */
export class ObservedFacts implements Facts {
  readonly #facts: Facts;
  readonly #answers: Record<Question, Map<string, boolean>> = {
    isDirectory: new Map(),
    leavesWorkspace: new Map(),
  };

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  isDirectory = (path: string): boolean => this.#ask('isDirectory', path);

  leavesWorkspace = (path: string): boolean => this.#ask('leavesWorkspace', path);

  agreesWith(facts: Facts): boolean {
    return (['isDirectory', 'leavesWorkspace'] as const).every((question) =>
      [...this.#answers[question]].every(([path, answer]) => facts[question](path) === answer),
    );
  }

  #ask(question: Question, path: string): boolean {
    const answer = this.#facts[question](path);
    this.#answers[question].set(path, answer);
    return answer;
  }
}
