import type { Provided } from '../languages/provider.js';
import type { Choice } from '../plan/explanation.js';
import type { Amended, Amendment, Question } from './amendment.js';

/** Amendments with the word for what they are: `extension`, `adaptation`. */
export interface Amendments {
  readonly kind: string;
  readonly list: readonly Amendment[];
}

/** What is the same for all amendments. */
export type Asked = Pick<Question, 'source' | 'env' | 'context' | 'over'>;

export interface Answer extends Provided {
  readonly decisions: readonly Choice[];
}

/** A provider's answer after every amendment for its language had its say, in order. */
export function amended(
  provider: string,
  provided: Provided,
  amendments: readonly Amendments[],
  asked: Asked,
): Answer {
  let answer: Answer = { ...provided, decisions: provided.decisions ?? [] };
  for (const { kind, list } of amendments) {
    for (const each of list.filter(({ providers }) => providers.includes(provider))) {
      const found = each.amend({ ...asked, ...subjects(answer), hints: answer.hints ?? {} });
      if (found !== undefined) answer = replaced(answer, found, `${kind} ${each.name}`);
    }
  }
  return answer;
}

const subjects = ({ plan, decisions }: Answer): Pick<Question, 'plan' | 'decided'> => ({
  plan,
  decided: new Set(decisions.flatMap(({ by, subject }) => (by === undefined ? [] : [subject]))),
});

function replaced(answer: Answer, { plan, hints, decisions }: Amended, by: string): Answer {
  const before = new Map(answer.decisions.map((each) => [each.subject, each]));
  const after = decisions.map((decision): Choice => {
    const { choice: instead } = before.get(decision.subject) ?? {};
    return { ...decision, by, ...(instead === undefined ? {} : { instead }) };
  });
  const kept = answer.decisions.filter(
    ({ subject }) => !decisions.some((each) => each.subject === subject),
  );
  return { ...answer, plan, ...(hints ? { hints } : {}), decisions: [...kept, ...after] };
}
