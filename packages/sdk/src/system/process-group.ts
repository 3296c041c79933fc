import type { ChildProcess } from 'node:child_process';
import type { Command } from '@nx-nixpack/base';

/** A pipe that the child left open to somebody else is read so long after its end. */
const GRACE_MS = 1000;

export interface GroupEnd {
  readonly timedOut: boolean;
  readonly aborted: boolean;
}

/**
 * Ends a child that was started as the leader of a process group together with everything in that group: when its time is
 * over, when it is aborted, and when it is gone itself, so that nothing of it stays. A process that left the group keeps
 * running, but is not waited for: the pipes it holds are closed. Returns what happened, as far as it has.
 */
export function endWithGroup(child: ChildProcess, { timeoutMs, signal }: Command): GroupEnd {
  const happened = { timedOut: false, aborted: false };
  const kill = (): void => killGroup(child.pid);
  const abort = (): void => {
    happened.aborted = true;
    kill();
  };
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          happened.timedOut = true;
          kill();
        }, timeoutMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  process.once('exit', kill);
  const clear = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    process.removeListener('exit', kill);
  };
  child.once('error', clear);
  child.once('exit', () => {
    clear();
    kill();
    closePipes(child);
  });
  return happened;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody is left, or (on macOS) only processes that have ended and were not waited for.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function closePipes(child: ChildProcess): void {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, GRACE_MS);
  child.once('close', () => clearTimeout(timer));
}
