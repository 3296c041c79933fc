import { readFileSync } from 'node:fs';
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

  describe('of a process group', () => {
    /** A program that starts another one, which holds its output open and says who it is. */
    const parent = (child: string, then: string) =>
      `const { pid } = require('node:child_process').spawn(${child}, { stdio: 'inherit' });
       console.log(pid); ${then}`;
    const sleeper = `process.execPath, ['-e', 'setInterval(() => {}, 1000)']`;
    const ownGroup = { ownGroup: true };
    const isGone = async (pid: number): Promise<boolean> => {
      for (let tried = 0; tried < 500; tried++) {
        if (!isRunning(pid)) return true;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return false;
    };

    it.each([
      ['its time is over', 'setInterval(() => {}, 1000)', { timeoutMs: 1500 }],
      ['it exits', 'setTimeout(() => process.exit(0), 100)', {}],
    ])('ends the children of the child when %s, and waits for none', async (_, then, limits) => {
      const result = await node(parent(sleeper, then), { ...ownGroup, ...limits });
      expect(result).toMatchObject(
        'timeoutMs' in limits
          ? { timedOut: true, exitCode: undefined }
          : { timedOut: false, exitCode: 0 },
      );
      expect(await isGone(Number(result.stdout.toString()))).toBe(true);
    });

    it('ends them when it is aborted', async () => {
      const abort = new AbortController();
      const onLine = () => abort.abort();
      const script = parent(sleeper, 'setInterval(() => {}, 1000)');
      const result = await node(script, { ...ownGroup, signal: abort.signal, onLine });
      expect(result.aborted).toBe(true);
      expect(await isGone(Number(result.stdout.toString()))).toBe(true);
    });

    it('does not wait for one that left the group and keeps the output open', async () => {
      const left = `'setsid', [process.execPath, '-e', 'setTimeout(() => {}, 60_000)']`;
      // Only when it has left is it any of our business.
      const hasLeft =
        'require("fs").readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[4] == pid';
      const script = parent(left, `setInterval(() => ${hasLeft} && process.exit(3), 20)`);
      const result = await node(script, { ...ownGroup, env: { PATH: process.env['PATH'] ?? '' } });
      const pid = Number(result.stdout.toString());
      // Still there: the runner did not wait for its end.
      expect(isRunning(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
      expect(result).toMatchObject({ exitCode: 3, timedOut: false });
    });

    it('rejects when there is no such program', async () => {
      const missing = { file: '/nonexistent/program', args: [], env: {}, ...ownGroup };
      await expect(execaRunner.run(missing)).rejects.toThrow(/ENOENT/);
    });
  });
});

/** A process that has ended and that nobody waits for does not count. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^\d+ \(.*\) Z/.test(stat);
  } catch {
    return false;
  }
}
