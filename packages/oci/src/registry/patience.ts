import type { RegistryAccess, RegistryLimits } from './access.js';

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

  /** Content moved just now. Whether it is more than there ever was is not known yet. */
  moved(): void {
    this.#since = this.#now();
  }

  /** So much of the time since content moved was to be expected. */
  forgive(milliseconds: number): void {
    this.#since += Math.min(milliseconds, this.#waiting);
  }

  /** More has arrived than ever before. */
  progressed(): void {
    this.#spent = 0;
  }

  /**
   * After a try in vain: how long to pause, at most `wanted` and at most what leaves time for another try; undefined when
   * there is none left.
   */
  pauseBefore(wanted: number): number | undefined {
    this.#spent += this.#waiting;
    this.moved();
    const { silenceMs, standstillMs } = this.#limits;
    const room = standstillMs - silenceMs * LAST_TRY - this.#spent;
    if (room < 1) return undefined;
    const milliseconds = Math.min(wanted, room);
    this.#spent += milliseconds;
    return milliseconds;
  }

  get #waiting(): number {
    return Math.max(0, this.#now() - this.#since);
  }
}
