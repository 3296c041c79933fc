import { secretsRead, UserError } from '@nx-nixpack/base';
import { consoleProgress, printResult, reporting } from './reporting.js';

const SECRET = 'canary-of-the-report';
const problem = { code: 'UNSUPPORTED', message: `No ${SECRET}`, hint: `not ${SECRET}` } as const;

it('prints no secret that was read, wherever it turns up', async () => {
  const printed: string[] = [];
  for (const name of ['log', 'warn', 'error'] as const)
    jest
      .spyOn(console, name)
      .mockImplementation((...texts: unknown[]) => void printed.push(String(texts[0])));
  const early = new UserError(problem);
  secretsRead.add(SECRET);
  consoleProgress.step(`a ${SECRET}`);
  consoleProgress.output(Buffer.from(`u:${SECRET}`).toString('base64'));
  consoleProgress.warn(`b ${SECRET}`);
  printResult(`${'x'.repeat(9000)} ${SECRET}`);
  for (const error of [early, new UserError(problem)])
    expect(await reporting(() => Promise.reject(error))).toEqual({ success: false });
  jest.restoreAllMocks();
  expect(printed).toEqual([
    'a ***',
    '  │ ***',
    'warning: b ***',
    `${'x'.repeat(9000)} ***`,
    ...Array(2).fill('UNSUPPORTED No ***\n  hint: not ***'),
  ]);
});

it('takes secrets out of a bug and of its causes', async () => {
  secretsRead.add(SECRET);
  const bug = new Error(`x ${SECRET}`, { cause: new Error(SECRET) });
  const thrown = (await reporting(() => Promise.reject(bug)).catch(
    (error: unknown) => error,
  )) as Error;
  expect(thrown).toBe(bug);
  expect(`${thrown.stack}${(thrown.cause as Error).stack}`).toMatch(/x \*\*\*\n.*reporting\.spec/);
  expect(`${thrown.stack}${(thrown.cause as Error).stack}`).not.toContain(SECRET);
});
