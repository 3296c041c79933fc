import { type HttpRequest, type HttpResponse, secretsRead } from '@nx-nixpack/base';
import type { Credentials } from '../credentials/credential-source.js';
import { readBody } from './read-body.js';
import { answered, protocolFailure } from './registry-failure.js';

export interface Token {
  readonly token: string;
  readonly lifeMs: number;
}

export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly credentials: Credentials | undefined;
}

/** Sends a request to a token server. */
export type Send = (
  request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>,
) => Promise<HttpResponse>;

const MAX_ANSWER = 1024 * 1024;
const DEFAULT_LIFE_SECONDS = 60;
/** What a header can carry. */
const TOKEN = /^[\x21-\x7e]{1,65536}$/;
const CLIENT = 'nx-nixpack';

/** Gets a token (distribution token specification). A redirect of a token server is not followed. Throws RegistryFailure. */
export async function requestToken(request: TokenRequest, send: Send): Promise<Token> {
  if (request.credentials?.kind !== 'identity-token') return exchange(byGet(request), send);
  const posted = byPost(request, request.credentials.token);
  const response = await send(posted);
  if (response.status !== 404 && response.status !== 405) return readToken(posted, response);
  await readBody(posted, response, MAX_ANSWER);
  return exchange(byGet(request), send);
}

type Sent = Parameters<Send>[0];

async function exchange(sent: Sent, send: Send): Promise<Token> {
  return readToken(sent, await send(sent));
}

function byGet({ realm, service, scopes, credentials }: TokenRequest): Sent {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const authorization = credentials && basicHeader(credentials);
  return { method: 'GET', url, headers: authorization ? { authorization } : {} };
}

function byPost({ realm, service, scopes }: TokenRequest, token: string): Sent {
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: CLIENT });
  if (service !== undefined) form.set('service', service);
  form.set('scope', scopes.join(' '));
  form.set('refresh_token', token);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: realm, headers, body: Buffer.from(form.toString()) };
}

/** `Basic …`; an identity token goes under the user name that means one. */
export function basicHeader(credentials: Credentials): string {
  const [user, secret] =
    credentials.kind === 'basic'
      ? [credentials.username, credentials.password]
      : ['<token>', credentials.token];
  return `Basic ${Buffer.from(`${user}:${secret}`, 'utf8').toString('base64')}`;
}

async function readToken(sent: Sent, response: HttpResponse): Promise<Token> {
  const bytes = await readBody(sent, response, MAX_ANSWER);
  if (response.status !== 200) throw answered(sent, response.status, response.headers, bytes);
  const { token, access_token, refresh_token, expires_in } = parse(sent, bytes);
  for (const secret of [token, access_token, refresh_token])
    if (typeof secret === 'string') secretsRead.add(secret);
  const value = token ?? access_token;
  if (typeof value !== 'string' || !TOKEN.test(value))
    throw protocolFailure(sent, 'the token server sent no token');
  const seconds =
    typeof expires_in === 'number' && expires_in > 0 ? expires_in : DEFAULT_LIFE_SECONDS;
  return { token: value, lifeMs: seconds * 1000 };
}

function parse(sent: Sent, bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below: the text may hold a token and is not shown.
  }
  throw protocolFailure(sent, 'the token server sent no JSON object');
}
