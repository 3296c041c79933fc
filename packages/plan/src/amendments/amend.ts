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

/** A provider's answer with its decisions, in part not nixpacks'. */
export type Answer = Provided & { readonly decisions: readonly Choice[] };

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
  const after = decisions.map((decision): Choice => {
    const before = answer.decisions.find(({ subject }) => subject === decision.subject);
    const instead = nixpacksAnswer(answer, decision.subject);
    // What another amendment guessed before is still a guess.
    const guess = decision.guess ?? (before?.by === undefined ? undefined : before.guess);
    return {
      ...decision,
      ...(guess === undefined ? {} : { guess }),
      by: before?.by === undefined ? by : `${before.by}, ${by}`,
      ...(instead === undefined ? {} : { instead }),
    };
  });
  const kept = answer.decisions.filter(
    ({ subject }) => !decisions.some((each) => each.subject === subject),
  );
  return { ...answer, plan, ...(hints ? { hints } : {}), decisions: [...kept, ...after] };
}

/** What the plan says without the amendment; providers do not decide on everything aloud. */
function nixpacksAnswer({ plan, decisions }: Answer, subject: string): string | undefined {
  const { choice, instead, by } = decisions.find((each) => each.subject === subject) ?? {};
  if (by !== undefined) return instead;
  return choice ?? (subject === 'start command' ? plan.start?.cmd : undefined);
}
