import { Readable } from 'node:stream';
import { XzReadableStream } from 'xz-decompress';

/** Decompresses xz. Node has no reader of its own, and the host need not have one. */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const compressed = Readable.toWeb(Readable.from(source, { objectMode: true }));
  const reader = new XzReadableStream(compressed).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    // It is a view of memory that the next piece is written to.
    yield Buffer.from(value);
  }
}
