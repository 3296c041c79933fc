/** Reads ranges of a stream that only goes forward; keeps what was read since the last range began. */
export class ForwardReader {
  readonly #chunks: Iterator<Uint8Array>;
  #start = 0;
  #kept = Buffer.alloc(0);

  constructor(chunks: Iterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** `length` bytes from `offset`, fewer at the end of the file. Ranges must not begin before an earlier one. */
  take(offset: number, length: number): Buffer {
    const parts: Buffer[] = [];
    let position = this.#start;
    let chunk: Buffer | undefined = this.#kept;
    while (chunk !== undefined) {
      const end = position + chunk.length;
      if (end > offset) parts.push(chunk.subarray(Math.max(0, offset - position)));
      if (end >= offset + length) break;
      position = end;
      chunk = this.#next();
    }
    this.#kept = Buffer.concat(parts);
    this.#start = offset;
    return this.#kept.subarray(0, length);
  }

  close(): void {
    this.#chunks.return?.();
  }

  #next(): Buffer | undefined {
    const next = this.#chunks.next();
    return next.done === true
      ? undefined
      : Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
  }
}
