import { crc32, constants, deflateRaw } from 'node:zlib';

/** Size of the pieces that are compressed independently of each other, in bytes. Part of the format: never change. */
export const GZIP_BLOCK = 1024 * 1024;
const LEVEL = 6;
/** How far back deflate can refer, in bytes. */
const WINDOW = 32 * 1024;
/** No time, no name, no flags, operating system unknown (RFC 1952). */
const GZIP_HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
/** Blocks in work at once: enough to keep the four threads of libuv at work while this bounds the memory. */
const IN_WORK = 6;

/**
 * Compresses to one gzip member in blocks of 1 MiB, several at once in Node's thread pool. The bytes depend on the
 * content alone: not on how it is cut into pieces, nor on the number of processors or the version of Node.
 *
 * The content is written into `block` from `filled` on; `advance` hands over what has been written.
 */
export class BlockGzip {
  readonly #emit: (compressed: Uint8Array) => void;
  readonly #plain: (bytes: Uint8Array) => void;
  readonly #free: Buffer<ArrayBuffer>[] = [];
  readonly #work: Promise<Buffer>[] = [];
  #block = Buffer.allocUnsafeSlow(GZIP_BLOCK);
  #filled = 0;
  #dictionary: Buffer = Buffer.alloc(0);
  #crc = 0;
  #size = 0;

  /** `emit` gets the compressed bytes in order; `plain` the content, in order, before it is compressed. */
  constructor(
    emit: (compressed: Uint8Array) => void,
    plain: (bytes: Uint8Array) => void = () => {},
  ) {
    this.#emit = emit;
    this.#plain = plain;
    emit(GZIP_HEADER);
  }

  /** Bytes of content so far. */
  get size(): number {
    return this.#size + this.#filled;
  }

  /** Whether enough blocks are in work. Writing stays possible, but memory grows until `settle` was awaited. */
  get busy(): boolean {
    return this.#work.length >= IN_WORK;
  }

  write(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.byteLength;) {
      const length = Math.min(GZIP_BLOCK - this.#filled, bytes.byteLength - offset);
      this.#block.set(
        offset === 0 && length === bytes.byteLength
          ? bytes
          : bytes.subarray(offset, offset + length),
        this.#filled,
      );
      this.#filled += length;
      offset += length;
      if (this.#filled === GZIP_BLOCK) this.#compress(false);
    }
  }

  /** Waits until fewer than the given number of blocks are in work. */
  async settle(atMost = IN_WORK - 1): Promise<void> {
    while (this.#work.length > atMost) this.#emit(await (this.#work.shift() as Promise<Buffer>));
  }

  /** Compresses the rest, also when it is empty, and ends the member. */
  async end(): Promise<void> {
    this.#compress(true);
    await this.settle(0);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#size % 2 ** 32, 4);
    this.#emit(trailer);
  }

  #compress(last: boolean): void {
    const block = this.#block;
    const content = block.subarray(0, this.#filled);
    this.#plain(content);
    this.#crc = crc32(content, this.#crc);
    this.#size += content.byteLength;
    const work = deflated(content, this.#dictionary, last);
    // A failure is reported by settle; until then it must not count as unhandled.
    work.then(() => this.#free.push(block)).catch(() => {});
    this.#work.push(work);
    this.#dictionary = Buffer.from(content.subarray(-WINDOW));
    this.#block = this.#free.pop() ?? Buffer.allocUnsafeSlow(GZIP_BLOCK);
    this.#filled = 0;
  }
}

function deflated(content: Buffer, dictionary: Buffer, last: boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    deflateRaw(content, optionsFor(dictionary, last), (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** Every option that decides about the bytes, none left to a default of Node's. */
export const optionsFor = (dictionary: Buffer, last: boolean) => ({
  level: LEVEL,
  memLevel: 8,
  windowBits: 15,
  strategy: constants.Z_DEFAULT_STRATEGY,
  finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
  chunkSize: GZIP_BLOCK + 64 * 1024,
  ...(dictionary.byteLength > 0 ? { dictionary } : {}),
});
