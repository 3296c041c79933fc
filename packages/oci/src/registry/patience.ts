import type { RegistryAccess } from './access.js';

/** How long a registry may leave us waiting, in milliseconds. */
export interface RegistryLimits {
  /** Without a byte in either direction in one try, connecting included. Default 20 s. */
  readonly silenceMs: number;
  /**
   * Without progress, over all tries of one piece of work and the pauses between them. Default 48 s: with the cancelling
   * of an upload (5 s at most) and what timers and closing take, nobody waits a minute for nothing.
   */
  readonly standstillMs: number;
}

const DEFAULT: RegistryLimits = { silenceMs: 20_000, standstillMs: 48_000 };
/** A share of `silenceMs`: with less left, another try is not worth a pause. */
const LAST_TRY = 0.25;

/**
 * How long one piece of work (a small request, a download, an upload) has gone without progress. Time in which content
 * moves does not count, so that a slow transfer is never ended; tries and pauses that bring nothing do.
 */
export class Patience {
  readonly #limits: RegistryLimits;
  readonly #now: () => number;
  #spent = 0;
  #since: number;

  constructor({ limits, now }: Pick<RegistryAccess, 'limits' | 'now'>) {
    this.#limits = limits ?? DEFAULT;
    this.#now = now ?? performance.now.bind(performance);
    this.#since = this.#now();
  }

  /** How long the next request may be silent. */
  get silenceMs(): number {
    const { silenceMs, standstillMs } = this.#limits;
    const left = standstillMs - this.#spent - this.#waiting;
    return Math.max(Math.min(silenceMs, left), silenceMs * LAST_TRY);
  }

  /** How long a pause may take, so that there is time for another try; 0 or less when there is not. */
  get pauseMs(): number {
    const { silenceMs, standstillMs } = this.#limits;
    return standstillMs - this.#spent - this.#waiting - silenceMs * LAST_TRY;
  }

  /** Content moved just now. Whether it is more than there ever was is not known yet. */
  moved(): void {
    this.#since = this.#now();
  }

  /** So much of the time since content moved was to be expected. */
  forgive(milliseconds: number): void {
    this.#since += Math.min(milliseconds, this.#waiting);
  }

  /** A try ended in vain. */
  failed(): void {
    this.#spent += this.#waiting;
    this.moved();
  }

  /** More has arrived than ever before. */
  progressed(): void {
    this.#spent = 0;
  }

  waited(milliseconds: number): void {
    this.#spent += milliseconds;
    this.moved();
  }

  get #waiting(): number {
    return Math.max(0, this.#now() - this.#since);
  }
}
