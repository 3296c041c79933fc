import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withOutputLock } from './output-lock.js';

const ROOT = join(__dirname, '../../../..');
const SOURCES = join(ROOT, 'packages/engine/test-support/run-sources.cjs');
const HOLD = `
  const { withOutputLock } = require(${JSON.stringify(join(__dirname, 'output-lock.ts'))});
  const never = new Promise(() => setInterval(() => {}, 1000));
  withOutputLock(process.argv[1], new AbortController().signal, () => (console.log('held'), never));
`;
const { signal } = new AbortController();

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'lock-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Programs that hold the lock of the directory or wait for it. */
const holders = () =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return line.startsWith('flock') && line.includes(directory);
      } catch {
        return false;
      }
    });

describe('the lock of an output folder', () => {
  it('lets one in at a time, and leaves neither file nor program', async () => {
    let inside = 0;
    const seen: number[] = [];
    const work = () =>
      withOutputLock(directory, signal, async () => {
        seen.push(++inside);
        await pause(20);
        inside--;
      });
    await Promise.all([work(), work(), work()]);
    expect(seen).toEqual([1, 1, 1]);
    expect(readdirSync(directory)).toEqual([]);
    expect(holders()).toEqual([]);
  });

  it('goes with a holder that is killed', async () => {
    const args = ['--require', SOURCES, '-e', HOLD, directory];
    const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    let entered = false;
    const waiting = withOutputLock(directory, signal, () => (entered = true));
    await pause(200);
    expect(entered).toBe(false);
    holder.kill('SIGKILL');
    await waiting;
    expect(holders()).toEqual([]);
  });

  it('is not waited for when the work was given up', async () => {
    const abort = new AbortController();
    await withOutputLock(directory, signal, async () => {
      const waiting = withOutputLock(directory, abort.signal, () => 'entered');
      abort.abort();
      await expect(waiting).rejects.toThrow(/abort/i);
    });
  });

  it('is given back when the work fails', async () => {
    const failing = withOutputLock(directory, signal, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await withOutputLock(directory, signal, () => 'again')).toBe('again');
  });
});
