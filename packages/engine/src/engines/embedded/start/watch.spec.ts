import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer, Listener, StartOptions } from '../../engine.js';
import { watch, type Seen } from './watch.js';

const OPTIONS: StartOptions = { env: {}, ports: [], path: '/', seconds: 300, quiet: 300 };
const NEVER = new Promise<number>(() => undefined);
const at = (port: number, address = '0.0.0.0'): Listener => ({ address, port });

/** `looks`: what is listened on at each look, the last one for ever; `answers`: by port, the first of them first. */
function seen(
  looks: readonly (readonly Listener[])[],
  answers: Readonly<Record<number, readonly (HttpAnswer | undefined)[]>>,
  options: Partial<StartOptions> = {},
  ended = NEVER,
  work = 0,
): Promise<Seen> {
  let used = 0;
  const asked = new Map<number, number>();
  let look = 0;
  const watched = {
    listeners: () => looks[Math.min(look++, looks.length - 1)] ?? [],
    get: ({ port }: Listener) => {
      const all = answers[port] ?? [];
      const count = asked.get(port) ?? 0;
      asked.set(port, count + 1);
      return Promise.resolve(all[Math.min(count, all.length - 1)]);
    },
    ended,
    work: () => (used += work),
  };
  return watch(watched, { ...OPTIONS, ...options });
}
const ok: HttpAnswer = { ...at(8080), status: 200 };

it('takes the first answer of the port that is waited for', async () => {
  const looks = [[], [at(9000)], [at(8080), at(9000)]];
  const result = await seen(looks, { 8080: [undefined, ok], 9000: [ok] }, { ports: [8080] });
  expect(result).toEqual({ listeners: [at(8080), at(9000)], answer: ok });
});

it('takes any answer when no port is waited for', async () => {
  expect(await seen([[], [at(8080)]], { 8080: [ok] })).toEqual({
    listeners: [at(8080)],
    answer: ok,
  });
});

it('waits while a gateway answers for what is not there yet', async () => {
  const result = await seen([[at(8080)]], { 8080: [{ ...ok, status: 502 }, ok] });
  expect(result.answer).toEqual(ok);
});

it('prefers a listener that speaks HTTP', async () => {
  const silent: HttpAnswer = at(9000);
  const result = await seen([[at(9000), at(8080)]], { 9000: [silent], 8080: [ok] });
  expect(result.answer).toEqual(ok);
});

it('is over when the time is', async () => {
  const options = { ports: [8080], seconds: 0 };
  expect(await seen([[at(3000)]], { 3000: [ok] }, options)).toEqual({ listeners: [at(3000)] });
});

it('is over when the time is, however many listeners say nothing', async () => {
  const listeners = Array.from({ length: 5000 }, (_, index) => at(index + 1));
  let asked = 0;
  const get = async (): Promise<undefined> => {
    asked++;
    await delay(20);
  };
  const watched = { listeners: () => listeners, get, ended: NEVER, work: () => 0 };
  const result = await watch(watched, { ...OPTIONS, seconds: 0.2 });
  expect(result.answer).toBeUndefined();
  expect(asked).toBeLessThan(50);
});

it('is over when the program ends, and knows what it listened on', async () => {
  const result = await seen([[at(3000)], []], {}, { ports: [8080] }, Promise.resolve(3));
  expect(result).toEqual({ exitCode: 3, listeners: [at(3000)] });
});

it('asks nothing of a command', async () => {
  const result = seen([[at(8080)]], { 8080: [ok] }, { command: 'true' }, Promise.resolve(0));
  expect(await result).toEqual({ exitCode: 0, listeners: [at(8080)] });
});

it('is over when the program has nothing to do, and no port is missing or another is open', async () => {
  expect(await seen([[]], {}, { quiet: 0 })).toEqual({ listeners: [] });
  const elsewhere = await seen([[at(3000)]], {}, { ports: [8080], quiet: 0 });
  expect(elsewhere).toEqual({ listeners: [at(3000)] });
});

it('waits for a program that works', async () => {
  const started = performance.now();
  await seen([[]], {}, { quiet: 0.6, seconds: 2 }, NEVER, 10);
  expect(performance.now() - started).toBeGreaterThanOrEqual(2000);
});
