import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { XzReadableStream } from 'xz-decompress';
import { invalid } from '../failures.js';

/** The largest Packages file that is known has a fifth of it. */
export const MAX_INDEX_BYTES = 256 * 1024 * 1024;

/** The content of a file by the ending of its name. Throws UserError ARCHIVE_INVALID. */
export async function decompressed(path: string, bytes: Uint8Array): Promise<Buffer> {
  try {
    if (path.endsWith('.gz'))
      return await promisify(gunzip)(bytes, { maxOutputLength: MAX_INDEX_BYTES });
    return path.endsWith('.xz') ? await unpackedXz(bytes) : Buffer.from(bytes);
  } catch (error) {
    throw invalid(`${path} cannot be decompressed: ${(error as Error).message}`);
  }
}

async function unpackedXz(bytes: Uint8Array): Promise<Buffer> {
  const source = new Blob([Uint8Array.from(bytes)]).stream();
  const reader = new XzReadableStream(source).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, size);
    size += value.byteLength;
    if (size > MAX_INDEX_BYTES) throw new Error(`it has more than ${MAX_INDEX_BYTES} bytes`);
    // It is a view of memory that the next piece is written to.
    chunks.push(Uint8Array.from(value));
  }
}
