import { excerpt, isObject } from '@nx-nixpack/base';
import { type Digest, digestOf, isDigest } from '../digest.js';
import { MAX_MANIFEST_BYTES } from '../image-from.js';
import { isTooDeep } from '../json-depth.js';
import { INDEX_TYPES, MEDIA_TYPES } from '../media-types.js';
import { type Answer, type Connection, headerOf } from './connection.js';
import {
  answered,
  digestMismatch,
  type FailedRequest,
  protocolFailure,
} from './registry-failure.js';

export interface FoundManifest {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly mediaType: string;
}

const TYPES: readonly string[] = [
  MEDIA_TYPES.manifest,
  MEDIA_TYPES.index,
  MEDIA_TYPES.dockerManifest,
  MEDIA_TYPES.dockerManifestList,
];
/** Sent with every request for a manifest: without it some registries hide OCI images, others convert them. */
const ACCEPT = { accept: TYPES.join(', ') };

export const isIndexType = (mediaType: string): boolean => INDEX_TYPES.has(mediaType);

/** The digest that a tag or digest stands for, as the registry says; undefined when there is no such manifest. */
export async function headManifest(
  connection: Connection,
  reference: string,
  scopes: readonly string[],
): Promise<Digest | undefined> {
  const to = `manifests/${reference}`;
  const answer = await connection.call({
    method: 'HEAD',
    to,
    headers: ACCEPT,
    scopes,
    expect: [200, 404],
  });
  if (answer.status === 404) return undefined;
  const digest = headerOf(answer, 'docker-content-digest') ?? '';
  if (isDigest(digest)) return digest;
  return (await getManifest(connection, reference, scopes))?.digest;
}

/**
 * The manifest or index under a tag or digest, checked against the digest that was asked for and the one the registry
 * says; undefined when there is none. Throws UserError.
 */
export async function getManifest(
  connection: Connection,
  reference: string,
  scopes: readonly string[],
): Promise<FoundManifest | undefined> {
  const to = `manifests/${reference}`;
  const request = { method: 'GET', to, headers: ACCEPT, scopes, expect: [200, 404] } as const;
  for (let tried = 1; ; tried++) {
    const answer = await connection.call(request, { limit: MAX_MANIFEST_BYTES });
    if (answer.status === 404) return undefined;
    const wrong = digestProblem(answer, reference);
    if (wrong === undefined) return found(answer);
    if (tried === 2) throw wrong;
  }
}

/** Like `getManifest`, for one that must be there. */
export async function requireManifest(
  connection: Connection,
  reference: string,
  scopes: readonly string[],
): Promise<FoundManifest> {
  const manifest = await getManifest(connection, reference, scopes);
  if (manifest) return manifest;
  const url = connection.urlOf(`manifests/${reference}`);
  throw answered({ method: 'GET', url }, 404, {}, Buffer.alloc(0));
}

type Read = Answer & { body: Buffer };

function digestProblem({ body, headers }: Read, reference: string): Error | undefined {
  const digest = digestOf(body);
  const said = headerOf({ headers }, 'docker-content-digest') ?? digest;
  const what = `The manifest ${reference} that the registry sent`;
  if (isDigest(reference) && reference !== digest) return digestMismatch(what, reference, digest);
  // A header in another algorithm says nothing about this one.
  if (isDigest(said) && said !== digest) return digestMismatch(what, said, digest);
  return undefined;
}

function found({ url, body, headers }: Read): FoundManifest {
  const request = { method: 'GET', url };
  const sent =
    (headerOf({ headers }, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const mediaType = mediaTypeOf(request, body, sent);
  if (TYPES.includes(sent) && sent !== mediaType)
    throw protocolFailure(request, `the answer is called ${sent}, its content says ${mediaType}`);
  return { bytes: body, digest: digestOf(body), mediaType };
}

/** What a manifest says it is, else what it was sent as, else what it looks like. */
export function mediaTypeOf(request: FailedRequest, bytes: Uint8Array, sent = ''): string {
  const manifest = parse(request, bytes);
  const { schemaVersion, mediaType, manifests } = manifest;
  if (schemaVersion !== 2)
    throw protocolFailure(
      request,
      `manifests of schema version ${excerpt(String(schemaVersion), 20)} are not supported`,
    );
  if (typeof mediaType === 'string' && mediaType !== '') return mediaType;
  if (TYPES.includes(sent)) return sent;
  return Array.isArray(manifests) ? MEDIA_TYPES.index : MEDIA_TYPES.manifest;
}

function parse(request: FailedRequest, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isTooDeep(text)) throw new RangeError('nested too deep');
    value = JSON.parse(text);
  } catch {
    throw protocolFailure(request, 'the answer is not JSON, so it is not a manifest');
  }
  if (isObject(value)) return value;
  throw protocolFailure(request, 'the answer is not a JSON object, so it is not a manifest');
}

/**
 * Stores a manifest under a tag or its digest. Answers which subject the registry took note of, if it did. Throws UserError
 * when the registry took it for something else.
 */
export async function putManifest(
  connection: Connection,
  reference: string,
  { bytes, digest, mediaType }: FoundManifest,
  scopes: readonly string[],
): Promise<string | undefined> {
  const answer = await connection.call({
    method: 'PUT',
    to: `manifests/${reference}`,
    headers: { 'content-type': mediaType },
    body: bytes,
    scopes,
    expect: [200, 201, 202],
  });
  const said = headerOf(answer, 'docker-content-digest') ?? digest;
  if (isDigest(said) && said !== digest)
    throw digestMismatch(`The manifest ${reference} that the registry stored`, digest, said);
  return headerOf(answer, 'oci-subject');
}
