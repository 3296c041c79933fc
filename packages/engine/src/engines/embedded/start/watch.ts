import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer, Listener, StartOptions } from '../../engine.js';

export interface Watched {
  /** What the program listens on now. */
  listeners(): readonly Listener[];
  get(listener: Listener): Promise<HttpAnswer | undefined>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
}

export interface Seen {
  readonly exitCode?: number;
  readonly listeners: readonly Listener[];
  readonly answer?: HttpAnswer;
}

const PAUSE_MS = 50;

/**
 * Follows a started program until it answers where it should, ends, or the time is over. With no port to wait for, any
 * answer is one, and a program that only runs is looked at for the whole time.
 */
export async function watch(watched: Watched, options: StartOptions): Promise<Seen> {
  const deadline = performance.now() + options.seconds * 1000;
  const end = watched.ended.then((exitCode) => ({ exitCode }));
  let listeners: readonly Listener[] = [];
  for (;;) {
    const now = watched.listeners();
    if (now.length > 0) listeners = now;
    const answer = await firstAnswer(watched, wanted(now, options));
    if (answer && !isWarmingUp(answer)) return { listeners, answer };
    const over = performance.now() >= deadline;
    if (over) return { listeners, ...(answer && { answer }) };
    const ended = await Promise.race([end, delay(PAUSE_MS)]);
    if (ended) return { ...ended, listeners };
  }
}

/** 502 to 504: what is behind the program that answers is not there yet. */
const isWarmingUp = ({ status = 0 }: HttpAnswer): boolean => status >= 502 && status <= 504;

function wanted(
  listeners: readonly Listener[],
  { ports, command }: StartOptions,
): readonly Listener[] {
  if (command !== undefined) return [];
  return ports.length === 0 ? listeners : listeners.filter(({ port }) => ports.includes(port));
}

async function firstAnswer(
  { get }: Watched,
  listeners: readonly Listener[],
): Promise<HttpAnswer | undefined> {
  let other: HttpAnswer | undefined;
  for (const listener of listeners) {
    const answer = await get(listener);
    if (answer?.status !== undefined) return answer;
    other ??= answer;
  }
  return other;
}
