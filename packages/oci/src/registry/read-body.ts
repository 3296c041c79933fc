import type { HttpResponse } from '@nx-nixpack/base';
import {
  brokeOff,
  type FailedRequest,
  protocolFailure,
  type RegistryFailure,
} from './registry-failure.js';

/** The whole body, of at most `limit` bytes. Throws RegistryFailure when it is longer or breaks off. */
export async function readBody(
  request: FailedRequest,
  { headers, body }: Pick<HttpResponse, 'body'> & Partial<Pick<HttpResponse, 'headers'>>,
  limit: number,
): Promise<Buffer> {
  // What HEAD says is the length of a body that does not come.
  const declared = request.method === 'HEAD' ? 0 : Number(headers?.['content-length'] ?? 0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of streamOf(request, body)) {
    size += chunk.byteLength;
    if (Math.max(size, declared) > limit) throw tooLarge(request, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (request: FailedRequest, limit: number): RegistryFailure =>
  protocolFailure(request, `the answer is larger than ${limit} bytes`);

/** A response's bytes; what breaks them off becomes a RegistryFailure. */
export async function* streamOf(
  request: FailedRequest,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const source = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await source.next().catch((error: unknown) => {
        throw brokeOff(request, error);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await source.return?.().catch(() => {});
  }
}

/** Reads a small body to its end, so that the connection can be used again; gives up a large one. */
export async function discard(request: FailedRequest, response: HttpResponse): Promise<void> {
  await readBody(request, response, 64 * 1024).catch(() => {});
}
