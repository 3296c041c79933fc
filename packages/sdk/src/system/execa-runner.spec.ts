import { execaRunner } from './execa-runner.js';

const node = (script: string, extra: object = {}) =>
  execaRunner.run({ file: process.execPath, args: ['-e', script], env: {}, ...extra });

describe('execaRunner', () => {
  it('gives the child no variable but those it was told', async () => {
    const result = await node('console.log(JSON.stringify(process.env))', { env: { A: '1' } });
    expect(JSON.parse(result.stdout.toString())).toEqual({ A: '1' });
  });

  it('resolves with the exit code and both streams', async () => {
    const result = await node('console.error("no"); process.exitCode = 3');
    expect(result).toMatchObject({ exitCode: 3, timedOut: false, truncated: false });
    expect(result.stderr.toString()).toBe('no\n');
  });

  it('keeps no more output than the limit and says so', async () => {
    const result = await node('process.stdout.write("x".repeat(5000))', { maxOutputBytes: 100 });
    expect(result.stdout.byteLength).toBe(100);
    expect(result.truncated).toBe(true);
  });

  it('passes lines on as they come, the last one without a line break too', async () => {
    const lines: string[] = [];
    await node('process.stdout.write("a\\r\\nb")', { onLine: (line: string) => lines.push(line) });
    expect(lines).toEqual(['a', 'b']);
  });

  it('stops the child when it is aborted', async () => {
    const abort = new AbortController();
    const running = node('setInterval(() => {}, 1000)', { signal: abort.signal });
    abort.abort();
    expect((await running).aborted).toBe(true);
  });

  it('stops the child when its time is over', async () => {
    expect((await node('setInterval(() => {}, 1000)', { timeoutMs: 100 })).timedOut).toBe(true);
  });

  it('feeds standard input', async () => {
    const result = await node('process.stdin.pipe(process.stdout)', { input: 'hello' });
    expect(result.stdout.toString()).toBe('hello');
  });

  it('rejects when there is no such program', async () => {
    await expect(
      execaRunner.run({ file: '/nonexistent/program', args: [], env: {} }),
    ).rejects.toThrow(/ENOENT/);
  });
});
