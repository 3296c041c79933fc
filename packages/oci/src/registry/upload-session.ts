import { UserError } from '@nx-nixpack/base';
import type { Digest } from '../digest.js';
import { type Answer, type Connection, headerOf } from './connection.js';
import { resolveLocation } from './locations.js';
import type { Patience } from './patience.js';
import { protocolFailure } from './registry-failure.js';
import { pullScope, pushScope } from './token-scopes.js';

/** Content to upload. Never held in memory as a whole. */
export interface BlobSource {
  readonly digest: Digest;
  readonly size: number;
  /** The bytes from the beginning; called again for another try. */
  open(): AsyncIterable<Uint8Array>;
}

/** One upload session of the distribution specification: where it goes on, and how much the registry has. */
export interface Session {
  readonly url: URL;
  readonly offset: number;
}

const ANY_SUCCESS = [200, 201, 202, 204];

/** Begins an upload; `mounted` when the registry took the blob from another repository instead. */
export async function startUpload(
  connection: Connection,
  mount?: { readonly digest: Digest; readonly from: string },
  patience?: Patience,
): Promise<Session | 'mounted'> {
  const query = mount ? `?${new URLSearchParams({ mount: mount.digest, from: mount.from })}` : '';
  const request = {
    method: 'POST',
    to: `blobs/uploads/${query}`,
    headers: { 'content-length': '0' },
    scopes: [pushScope(connection.repository), ...(mount ? [pullScope(mount.from)] : [])],
    expect: mount ? [201, 202] : [202],
  } as const;
  const answer = await connection.call(request, patience ? { patience } : {});
  return answer.status === 201 ? 'mounted' : { url: locationOf(answer, 'POST'), offset: 0 };
}

/** Sends all bytes that are missing, without ending the session. */
export async function sendRest(
  connection: Connection,
  { url, offset }: Session,
  blob: BlobSource,
  patience: Patience,
): Promise<Session> {
  const request = {
    method: 'PATCH',
    to: url,
    headers: rangeHeaders(offset, blob),
    body: () => bytesFrom(blob, offset),
    commits: blob.size - offset,
    scopes: [pushScope(connection.repository)],
    expect: ANY_SUCCESS,
  } as const;
  const answer = await connection.once(request, patience);
  return { url: nextLocation(answer, 'PATCH', url), offset: receivedOf(answer) ?? blob.size };
}

/** Ends the session, with the bytes that are missing. The registry checks the digest. */
export async function finishUpload(
  connection: Connection,
  { url, offset }: Session,
  blob: BlobSource,
  patience: Patience,
): Promise<void> {
  const to = new URL(url);
  to.searchParams.set('digest', blob.digest);
  const rest = blob.size - offset;
  const request = {
    method: 'PUT',
    to,
    headers: rangeHeaders(offset, blob),
    ...(rest > 0 ? { body: () => bytesFrom(blob, offset) } : {}),
    commits: blob.size,
    scopes: [pushScope(connection.repository)],
    expect: ANY_SUCCESS,
  } as const;
  await connection.once(request, patience);
}

/** A range is named only when a session goes on: from the beginning no registry needs one. */
function rangeHeaders(offset: number, { size }: BlobSource): Readonly<Record<string, string>> {
  const goesOn = offset > 0 && offset < size;
  return {
    'content-type': 'application/octet-stream',
    'content-length': String(size - offset),
    ...(goesOn ? { 'content-range': `${offset}-${size - 1}` } : {}),
  };
}

/** Asks how far a broken session came; undefined when it is lost or cannot say. */
export async function askSession(
  connection: Connection,
  session: Session,
  size: number,
  patience: Patience,
): Promise<Session | undefined> {
  const request = {
    method: 'GET',
    to: session.url,
    scopes: [pushScope(connection.repository)],
    expect: [200, 202, 204, 400, 404, 405, 416],
  } as const;
  const answer = await connection.call(request, { patience });
  const offset = answer.status < 300 ? receivedOf(answer) : undefined;
  if (offset === undefined || offset === 0 || offset > size) return undefined;
  return { url: nextLocation(answer, 'GET', session.url), offset };
}

/** Frees what the registry keeps for a session. Never fails: the registry removes it some day anyway. */
export async function cancelUpload(connection: Connection, session: Session): Promise<void> {
  const scopes = [pushScope(connection.repository)];
  const signal = AbortSignal.timeout(5000);
  await connection
    .once({ method: 'DELETE', to: session.url, scopes, expect: ANY_SUCCESS, signal })
    .catch(() => {});
}

/** `Range: 0-N` means N+1 bytes, but registries that have none say `0-0` too. */
function receivedOf(answer: Answer): number | undefined {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(headerOf(answer, 'range') ?? '')?.[1];
  return last === undefined ? undefined : Number(last) === 0 ? 0 : Number(last) + 1;
}

function locationOf(answer: Answer, method: string): URL {
  const location = headerOf(answer, 'location');
  const request = { method, url: answer.url };
  if (location === undefined) throw protocolFailure(request, 'the answer names no location');
  return resolveLocation(request, location);
}

const nextLocation = (answer: Answer, method: string, before: URL): URL =>
  headerOf(answer, 'location') === undefined ? before : locationOf(answer, method);

async function* bytesFrom(blob: BlobSource, offset: number): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of blob.open()) {
    const end = position + chunk.byteLength;
    if (end > blob.size) throw changed(blob);
    if (end > offset) yield position >= offset ? chunk : chunk.subarray(offset - position);
    position = end;
  }
  if (position !== blob.size) throw changed(blob);
}

const changed = ({ digest, size }: BlobSource): UserError =>
  new UserError({
    code: 'STORE_CORRUPT',
    message: `The stored blob ${digest} does not have its ${size} bytes`,
    hint: 'Build the image again.',
  });
