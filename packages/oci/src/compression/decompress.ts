import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';

export type Compression = 'gzip' | 'zstd' | 'none';

/** Bytes that come out at once, and bytes that may wait for their reader so that the thread pool need not. */
const CHUNK = 512 * 1024;
const AHEAD = 4 * 1024 * 1024;

/** What content is compressed with, by its first four bytes. Media types are not to be trusted for this. */
function compressionOf(start: Uint8Array): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  const magic = start.byteLength < 4 ? 0 : Buffer.from(start).readUInt32LE(0);
  // A zstd frame, or one of the sixteen kinds of skippable frames that may come first (RFC 8878).
  return magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5 ? 'zstd' : 'none';
}

/** Decompresses gzip (any number of members) and zstd, as they turn out to be, and passes on anything else. */
export async function* decompress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    const start = await startOf(iterator);
    yield* decompressAs(compressionOf(start), resumed(start, iterator));
  } finally {
    await iterator.return?.();
  }
}

function decompressAs(
  kind: Compression,
  source: AsyncGenerator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (kind === 'none') return source;
  if (kind === 'gzip') return through(source, zlib.createGunzip(OPTIONS));
  const native = (zlib as ZlibWithZstd).createZstdDecompress;
  return native === undefined ? unzstd(source) : through(source, native(OPTIONS));
}

const OPTIONS = { chunkSize: CHUNK, readableHighWaterMark: AHEAD };

/** Node has zstd since 22.15, which the types of Node 20 do not know. */
interface ZlibWithZstd {
  readonly createZstdDecompress?: (options: typeof OPTIONS) => Transform;
}

function through(
  source: AsyncGenerator<Uint8Array>,
  transform: Transform,
): AsyncIterable<Uint8Array> {
  // Errors of the source destroy the transform and reach its reader.
  pipeline(Readable.from(source, { objectMode: true, highWaterMark: 4 }), transform, () => {});
  return transform;
}

async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const decompressor = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of source) {
    // Small steps, because fzstd gives everything at once that a step contains.
    for (let offset = 0; offset < chunk.byteLength; offset += STEP) {
      decompressor.push(chunk.subarray(offset, offset + STEP));
      yield* ready.splice(0);
    }
  }
  decompressor.push(new Uint8Array(0), true);
  yield* ready.splice(0);
}

const STEP = 64 * 1024;

async function startOf(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let start = Buffer.alloc(0);
  while (start.byteLength < 4) {
    const next = await iterator.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  return start;
}

async function* resumed(
  start: Buffer,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (start.byteLength > 0) yield start;
  yield* { [Symbol.asyncIterator]: () => iterator };
}
