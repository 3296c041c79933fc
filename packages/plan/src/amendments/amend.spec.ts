import { explanationText, oursText } from '../plan/explanation.js';
import { EXTENSIONS } from '../extensions/index.js';
import { ADAPTATIONS } from '../adaptations/index.js';
import { generatePlan } from '../generate/generate-plan.js';
import { PROVIDERS } from '../languages/index.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { amended, type Answer } from './amend.js';
import type { Amendment } from './amendment.js';

/** What a new extension is: one value, in the list. */
const rustler: Amendment = {
  name: 'rustler',
  providers: ['cobalt'],
  amend: ({ plan, decided }) =>
    decided.has('start command')
      ? undefined
      : {
          plan: { ...plan, start: { cmd: 'rustle' } },
          decisions: [
            {
              subject: 'start command',
              choice: 'rustle',
              because: 'it rustles',
              guess: 'rustle is a guess; set start_cmd to be sure',
            },
          ],
        },
};

const ask = (list: readonly Amendment[], provider = 'cobalt'): Answer =>
  amended(
    provider,
    {
      plan: { start: { cmd: 'dig' } },
      decisions: [{ subject: 'start command', choice: 'dig', because: 'it digs' }],
    },
    [{ kind: 'extension', list }],
    { source: memoryTree({}), env: new Map(), context: CONTEXT, over: {} },
  );
const CONTEXT = { arch: 'x86_64', conformance: false } as const;

describe('an amendment that is added to the list', () => {
  it('changes the plan, and says so beside what nixpacks answers', () => {
    const { plan, decisions } = ask([rustler]);
    expect(plan.start?.cmd).toBe('rustle');
    expect(decisions).toEqual([
      expect.objectContaining({ by: 'extension rustler', instead: 'dig', choice: 'rustle' }),
    ]);
  });

  it('is not asked about another language', () => {
    expect(ask([rustler], 'tin').plan.start?.cmd).toBe('dig');
  });

  it('sees what those before it decided', () => {
    const second: Amendment = { ...rustler, name: 'second' };
    expect(ask([rustler, second]).decisions).toMatchObject([{ by: 'extension rustler' }]);
  });

  it('is rendered as ours', () => {
    const decisions = ask([rustler]).decisions.map((each) => ({ provider: 'cobalt', ...each }));
    const explanation = { detection: [], decisions, guesses: [], toolchain: [] };
    expect(explanationText(explanation)).toContain(
      'start command: rustle (it rustles; by extension rustler, nixpacks: dig)',
    );
    expect(oursText(explanation)).toEqual([
      'start command by extension rustler: it rustles (nixpacks: dig)',
    ]);
  });
});

it('names every amendment once, for languages that there are', () => {
  const all = [...EXTENSIONS, ...ADAPTATIONS];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const languages = new Set(PROVIDERS.map(({ name }) => name));
  for (const { providers } of all) for (const name of providers) expect(languages).toContain(name);
});

it('says nothing of ours in a plan without extensions', () => {
  const files = { 'main.py': '' };
  const { explanation } = generatePlan(memoryTree(files), { extensions: false });
  expect(oursText(explanation)).toEqual([]);
});
