/** A silence is judged in so many steps. */
const STEPS = 8;

/**
 * Ends a request that nobody has moved for too long. `queue` says how much of what was sent is still on its way: while that
 * changes the request moves, though there is nothing to hand over any more.
 */
export class Silence {
  readonly #controller = new AbortController();
  readonly #queue: () => number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tooLong = false;
  #ended = false;
  readonly signal: AbortSignal;

  constructor(outer: AbortSignal | undefined, queue: () => number | undefined = () => undefined) {
    const own = this.#controller.signal;
    this.signal = outer ? AbortSignal.any([own, outer]) : own;
    this.#queue = queue;
  }

  /** So many milliseconds from now on, and from whenever something moves. */
  allow(milliseconds: number): void {
    clearTimeout(this.#timer);
    // An answer may come before the body was taken as a whole.
    if (!this.#ended) this.#wait(milliseconds / STEPS, STEPS);
  }

  #wait(step: number, left: number, before?: number): void {
    this.#timer = setTimeout(() => {
      const now = this.#queue();
      const isMoving = before !== undefined && now !== undefined && now !== before;
      const rest = isMoving ? STEPS : left - 1;
      if (rest > 0) this.#wait(step, rest, now);
      else this.#giveUp();
    }, step);
  }

  #giveUp(): void {
    this.#tooLong = true;
    this.#controller.abort();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  reason(error: unknown): unknown {
    if (!this.#tooLong) return error;
    return Object.assign(new Error('no byte for too long', { cause: error }), {
      code: 'ETIMEDOUT',
    });
  }
}

/** Bytes handed to the socket at once; each piece counts as a sign of life. */
const SLICE = 64 * 1024;

/** A body in pieces, each of which may take `idleMs`; the answer may take `answerMs` from the last one on. */
export async function* watchedSlices(
  body: AsyncIterable<Uint8Array>,
  silence: Silence,
  { idleMs, answerMs }: { readonly idleMs: number; readonly answerMs: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.byteLength; at += SLICE) {
      silence.allow(idleMs);
      yield chunk.subarray(at, at + SLICE);
    }
  }
  silence.allow(answerMs);
}
