import type { Descriptor } from '../descriptor.js';
import { type Answer, type Connection, headerOf } from './connection.js';
import { discard, streamOf } from './read-body.js';
import { digestMismatch, type FailedRequest, RegistryFailure } from './registry-failure.js';
import { Patience } from './patience.js';
import { isRetryable, pause, TRIES } from './retry.js';
import { pullScope } from './token-scopes.js';

/** So much must arrive for a broken download to count as progress. */
const PROGRESS = 64 * 1024;

/**
 * The bytes of a blob. What breaks off is continued where it ended. Ends after exactly `size` bytes or throws; the
 * digest is the receiver's to check, who hashes the bytes anyway.
 */
export async function* downloadBlob(
  connection: Connection,
  { digest, size }: Descriptor,
): AsyncGenerator<Uint8Array> {
  const patience = new Patience(connection.access);
  let offset = 0;
  let ranges = true;
  for (let tried = 0, before = 0; offset < size;) {
    try {
      const from = ranges ? offset : 0;
      for await (const chunk of open(connection, digest, { from, offset, patience })) {
        if (offset + chunk.byteLength > size) throw longer(digest, size);
        offset += chunk.byteLength;
        yield chunk;
        // Whoever takes the bytes may be slow too.
        patience.moved();
      }
      if (offset < size) throw shorter(connection, digest, offset, size);
    } catch (error) {
      if (error === NO_RANGE && ranges) ranges = false;
      else if (!isRetryable(error)) throw error;
      const isProgress = offset - before >= PROGRESS;
      if (isProgress) patience.progressed();
      tried = (isProgress ? 0 : tried) + 1;
      before = offset;
      if (tried >= TRIES) throw error;
      if (error !== NO_RANGE) await pause(connection.access, patience, tried, error);
    }
  }
}

/** Says that the registry does not continue where it was asked to; the blob is read from its beginning instead. */
const NO_RANGE = new Error('the registry sent another range');

/** The bytes from `offset` on, asked for from `from` on. */
async function* open(
  connection: Connection,
  digest: string,
  { from, offset, patience }: { from: number; offset: number; patience: Patience },
): AsyncGenerator<Uint8Array> {
  const asked = {
    method: 'GET',
    to: `blobs/${digest}`,
    headers: from > 0 ? { range: `bytes=${from}-` } : {},
    scopes: [pullScope(connection.repository)],
    expect: from > 0 ? [200, 206, 416] : [200],
  } as const;
  const answer = await connection.stream(asked, patience);
  const request = { method: 'GET', url: answer.url };
  if (answer.status === 416 || (answer.status === 206 && !beginsAt(answer, from))) {
    await discard(request, answer);
    throw NO_RANGE;
  }
  const body = streamOf(request, answer.body);
  yield* skip(body, answer.status === 206 ? offset - from : offset, patience);
}

const beginsAt = (answer: Answer, from: number): boolean =>
  headerOf(answer, 'content-range')?.startsWith(`bytes ${from}-`) ?? false;

async function* skip(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
  patience: Patience,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body) {
    patience.moved();
    const rest = left > 0 ? chunk.subarray(Math.min(left, chunk.byteLength)) : chunk;
    left -= chunk.byteLength - rest.byteLength;
    if (rest.byteLength > 0) yield rest;
  }
}

const longer = (digest: string, size: number): RegistryFailure =>
  digestMismatch(`The blob ${digest}`, `${size} bytes long`, 'longer');

function shorter(
  connection: Connection,
  digest: string,
  got: number,
  size: number,
): RegistryFailure {
  const request: FailedRequest = { method: 'GET', url: connection.urlOf(`blobs/${digest}`) };
  return new RegistryFailure(
    {
      code: 'REGISTRY_UNREACHABLE',
      message: `${request.method} ${request.url.href} ended after ${got} of ${size} bytes`,
      hint: 'Check the network and its proxies, and run the task again.',
    },
    { retryable: true },
  );
}
