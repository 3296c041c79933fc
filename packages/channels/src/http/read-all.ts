import type { HttpResponse } from '@nx-nixpack/base';
import { invalid, shownUrl } from '../failures.js';
import type { Question } from './question.js';

/** The whole body. Throws UserError ARCHIVE_INVALID for one that is longer than the question allows. */
export async function readAll(
  { channel, url, limit }: Question,
  { headers, body }: Pick<HttpResponse, 'headers' | 'body'>,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const declared = Number(headers['content-length'] ?? 0);
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (Math.max(size, declared) > limit)
      throw invalid(`${channel}: ${shownUrl(url)} sends more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
