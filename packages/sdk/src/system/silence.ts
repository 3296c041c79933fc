/** Ends a request that nobody has moved for too long. */
export class Silence {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #tooLong = false;
  #ended = false;
  readonly signal: AbortSignal;

  constructor(outer: AbortSignal | undefined) {
    const own = this.#controller.signal;
    this.signal = outer ? AbortSignal.any([own, outer]) : own;
  }

  allow(milliseconds: number): void {
    clearTimeout(this.#timer);
    // An answer may come before the body was taken as a whole.
    if (this.#ended) return;
    this.#timer = setTimeout(() => {
      this.#tooLong = true;
      this.#controller.abort();
    }, milliseconds);
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
