import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer, Listener, StartOptions } from '../../engine.js';

export interface Watched {
  /** What the program listens on now. */
  listeners(): readonly Listener[];
  get(listener: Listener): Promise<HttpAnswer | undefined>;
  /** Seconds of processor time that it has used so far. */
  work(): number;
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
 * answer is one, and a program that listens on none is looked at until it has no more to do.
 */
export async function watch(watched: Watched, options: StartOptions): Promise<Seen> {
  const deadline = performance.now() + options.seconds * 1000;
  const end = watched.ended.then((exitCode) => ({ exitCode }));
  const idle = idleness(watched);
  let listeners: readonly Listener[] = [];
  for (;;) {
    const now = watched.listeners();
    if (now.length > 0) listeners = now;
    const asked = wanted(now, options);
    const answer = await firstAnswer(watched, asked, deadline);
    if (answer && !isWarmingUp(answer)) return { listeners, answer };
    const over = performance.now() >= deadline;
    const settled = idle() >= options.quiet && asked.length === 0 && isSettled(now, options);
    if (over || settled) return { listeners, ...(answer && { answer }) };
    const ended = await Promise.race([end, delay(PAUSE_MS)]);
    if (ended) return { ...ended, listeners };
  }
}

/** Nothing is missing that may still come: no port is waited for, or others are there instead. */
const isSettled = (listeners: readonly Listener[], { ports, command }: StartOptions): boolean =>
  command === undefined && (ports.length === 0) === (listeners.length === 0);

/** Less than this share of a processor is nothing to do. */
const BUSY = 0.2;

/** Seconds since a program did anything worth speaking of. */
function idleness({ work }: Watched): () => number {
  let since = performance.now();
  let before = { at: since, work: work() };
  return () => {
    const at = performance.now();
    if (at - before.at >= 500) {
      const now = { at, work: work() };
      const share = ((now.work - before.work) * 1000) / (now.at - before.at);
      if (share >= BUSY) since = at;
      before = now;
    }
    return (at - since) / 1000;
  };
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

/** A program may listen on thousands of ports and answer on none. */
async function firstAnswer(
  { get }: Watched,
  listeners: readonly Listener[],
  deadline: number,
): Promise<HttpAnswer | undefined> {
  let other: HttpAnswer | undefined;
  for (const listener of listeners) {
    const answer = await get(listener);
    if (answer?.status !== undefined) return answer;
    other ??= answer;
    if (performance.now() >= deadline) break;
  }
  return other;
}
