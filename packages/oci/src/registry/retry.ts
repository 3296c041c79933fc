import { setTimeout as timer } from 'node:timers/promises';
import { silent, UserError } from '@nx-nixpack/base';
import type { RegistryAccess } from './access.js';
import { Patience } from './patience.js';
import { RegistryFailure } from './registry-failure.js';

/** Tries of one request, the first included. */
export const TRIES = 5;
const FIRST_PAUSE_MS = 500;

type Waiting = Pick<RegistryAccess, 'limits' | 'now' | 'progress' | 'signal' | 'sleep'>;

export const isRetryable = (error: unknown): boolean =>
  error instanceof UserError && error.retryable;

/** Repeats idempotent work while its failures are transient and there is patience left. */
export async function retrying<T>(
  waiting: Waiting,
  work: (patience: Patience) => Promise<T>,
  patience = new Patience(waiting),
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work(patience);
    } catch (error) {
      if (tried >= TRIES || !isRetryable(error)) throw error;
      await pause(waiting, patience, tried, error);
    }
  }
}

/**
 * Waits as long as the registry asked, else a random part of a time that doubles with each try, but no longer than leaves
 * time for another try. Throws `error` when there is none.
 */
export async function pause(
  waiting: Waiting,
  patience: Patience,
  tried: number,
  error: unknown,
): Promise<void> {
  const { progress = silent, signal, sleep } = waiting;
  signal?.throwIfAborted();
  const asked = error instanceof RegistryFailure ? error.retryAfterMs : undefined;
  const wanted = asked ?? Math.random() * FIRST_PAUSE_MS * 2 ** (tried - 1);
  const milliseconds = patience.pauseBefore(wanted);
  if (milliseconds === undefined) throw error;
  progress.step(`retry    in ${(milliseconds / 1000).toFixed(1)} s: ${(error as Error).message}`);
  if (sleep) await sleep(milliseconds);
  else await timer(milliseconds, undefined, signal ? { signal } : {}).catch(() => {});
  patience.moved();
  signal?.throwIfAborted();
}
