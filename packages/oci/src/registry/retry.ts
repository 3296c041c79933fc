import { setTimeout as timer } from 'node:timers/promises';
import { silent, UserError } from '@nx-nixpack/base';
import type { RegistryAccess } from './access.js';
import { RegistryFailure } from './registry-failure.js';

/** Tries of one request, the first included. */
export const TRIES = 5;
const FIRST_PAUSE_MS = 500;
/** A registry that says nothing costs half a minute each time, so two silent tries are all. */
const STALL_WEIGHT = 3;
const STALLS: ReadonlySet<unknown> = new Set(['ETIMEDOUT', 'UND_ERR_BODY_TIMEOUT']);

type Waiting = Pick<RegistryAccess, 'progress' | 'signal' | 'sleep'>;

export const isRetryable = (error: unknown): boolean =>
  error instanceof UserError && error.retryable;

/** What a failure counts against TRIES. */
export function weight(error: unknown): number {
  const cause =
    error instanceof UserError ? (error.cause as { code?: unknown } | undefined) : undefined;
  return STALLS.has(cause?.code) ? STALL_WEIGHT : 1;
}

/** Repeats idempotent work while its failures are transient. */
export async function retrying<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  for (let tried = 0; ;) {
    try {
      return await work();
    } catch (error) {
      tried += weight(error);
      if (tried >= TRIES || !isRetryable(error)) throw error;
      await pause(waiting, tried, error);
    }
  }
}

/** Waits as long as the registry asked, else a random part of a time that doubles with each try. */
export async function pause(waiting: Waiting, tried: number, error: unknown): Promise<void> {
  const { progress = silent, signal, sleep } = waiting;
  signal?.throwIfAborted();
  const asked = error instanceof RegistryFailure ? error.retryAfterMs : undefined;
  const milliseconds = asked ?? Math.random() * FIRST_PAUSE_MS * 2 ** (tried - 1);
  progress.step(`retry    in ${(milliseconds / 1000).toFixed(1)} s: ${(error as Error).message}`);
  if (sleep) await sleep(milliseconds);
  else await timer(milliseconds, undefined, signal ? { signal } : {}).catch(() => {});
  signal?.throwIfAborted();
}
