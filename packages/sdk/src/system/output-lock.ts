import { spawn, type ChildProcess } from 'node:child_process';

/** What flock is told to end with when somebody else has the lock. */
const TAKEN = 75;
/** A waiting program outlives a killed caller by no more than this, in seconds. */
const WAIT_SECONDS = 1;
const OPTIONS = ['--exclusive', '--timeout', `${WAIT_SECONDS}`, '--conflict-exit-code', `${TAKEN}`];
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/**
 * Does some work while no other process does the same for this directory, which is what is locked: no file is left. The
 * lock is the kernel's and lies with a program that ends with its standard input, so it vanishes with this process,
 * however that ends. Where there is no `flock` nothing is locked.
 */
export async function withOutputLock<T>(
  directory: string,
  signal: AbortSignal,
  work: () => T | Promise<T>,
): Promise<T> {
  const release = await acquire(directory, signal);
  try {
    return await work();
  } finally {
    await release();
  }
}

type Release = () => Promise<void>;

async function acquire(directory: string, signal: AbortSignal): Promise<Release> {
  for (;;) {
    signal.throwIfAborted();
    const release = await tryOnce(directory);
    if (release !== undefined) return release;
  }
}

/** undefined when another process has the lock. The group of its own keeps the holder from a Ctrl-C at the terminal. */
function tryOnce(directory: string): Promise<Release | undefined> {
  const holder = spawn('flock', [...OPTIONS, directory, 'cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: ENVIRONMENT,
    detached: true,
  });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  return new Promise((resolve, reject) => {
    holder.once('error', (error) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') resolve(() => Promise.resolve());
      else reject(error);
    });
    holder.once('close', (code) => {
      if (code === TAKEN) resolve(undefined);
      else reject(new Error(`flock of ${directory} ended with ${String(code)}`));
    });
    // What cat gives back was read under the lock.
    holder.stdout?.once('data', () => resolve(() => end(holder, ended)));
    holder.stdin?.on('error', () => undefined); // it ended without reading, which `close` reports
    holder.stdin?.write('held\n');
  });
}

function end(holder: ChildProcess, ended: Promise<void>): Promise<void> {
  holder.stdin?.end();
  return ended;
}
