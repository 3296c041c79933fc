import { type HttpResponse, sanitize, silent, UserError } from '@nx-nixpack/base';
import { isRegistryHost, isRepositoryName } from '../reference.js';
import type { RegistryAccess, Repository } from './access.js';
import { Authorization } from './authorization.js';
import { isLoopback } from './loopback.js';
import { discard, readBody } from './read-body.js';
import {
  answered,
  brokeOff,
  type FailedRequest,
  protocolFailure,
  type RegistryFailure,
} from './registry-failure.js';
import { retrying } from './retry.js';

export interface RegistryRequest {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT';
  /** Below `/v2/<repository>/`, or a location that the registry named. */
  readonly to: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly scopes: readonly string[];
  /** Instead of the access's own, for what must be done after it was aborted. */
  readonly signal?: AbortSignal;
  /** Statuses to return; every other one throws. */
  readonly expect: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** `undefined` unless the header was sent once, as a text. */
export function headerOf({ headers }: Pick<Answer, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

const DEFAULT_BODY_LIMIT = 64 * 1024;
const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const HUB_API = 'registry-1.docker.io';

/** Requests to one repository: authorisation, redirects and retries as the registry policy has them. */
export class Connection {
  readonly repository: string;
  readonly access: RegistryAccess;
  readonly #base: URL;
  readonly #authorization: Authorization;
  readonly #warned = new Set<string>();

  constructor({ registry, repository }: Repository, access: RegistryAccess) {
    if (!isRegistryHost(registry) || !isRepositoryName(repository))
      throw new UserError({
        code: 'REGISTRY_INVALID_REFERENCE',
        message: `"${registry}/${repository}" is not a repository of a registry`,
        hint: 'Write the registry as host or host:port, the repository in lower case.',
      });
    this.repository = repository;
    this.access = access;
    this.#base = baseUrl(registry);
    this.#authorization = new Authorization(
      this.#base,
      { registry, repository },
      access,
      (request) => this.#transport(request),
    );
  }

  /** The address of something below `/v2/<repository>/`. */
  urlOf(path: string): URL {
    return new URL(`v2/${this.repository}/${path}`, this.#base);
  }

  /** An idempotent request with a small answer, tried again while it fails in passing. Throws UserError. */
  call(request: RegistryRequest, limit = DEFAULT_BODY_LIMIT): Promise<Answer & { body: Buffer }> {
    return retrying(this.access, async () => {
      const { response, url } = await this.#send(request);
      const body = await readBody({ ...request, url }, response, limit);
      return { status: response.status, headers: response.headers, url, body };
    });
  }

  /** One try, the body of the answer as it comes. Throws UserError. */
  async stream(request: RegistryRequest): Promise<Answer & { body: AsyncIterable<Uint8Array> }> {
    const { response, url } = await this.#send(request);
    return { status: response.status, headers: response.headers, url, body: response.body };
  }

  /** Like `call`, one try. */
  async once(request: RegistryRequest): Promise<Answer> {
    const { response, url } = await this.#send(request);
    await discard({ ...request, url }, response);
    return { status: response.status, headers: response.headers, url };
  }

  async #send(request: RegistryRequest): Promise<{ response: HttpResponse; url: URL }> {
    const sent = await this.#authorized(request);
    const { response, url } = sent;
    const shown = { method: request.method, url };
    this.#warn(response);
    const encoding = response.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      await discard(shown, response);
      throw protocolFailure(shown, `the answer is encoded (${String(encoding)})`);
    }
    if (request.expect.includes(response.status)) return sent;
    throw await this.#failure(shown, response);
  }

  async #authorized(request: RegistryRequest): Promise<{ response: HttpResponse; url: URL }> {
    let header = await this.#authorization.header(request.scopes);
    let sent = await this.#followed(request, header);
    for (let round = 0; round < roundsFor(sent.response) && this.#mayAnswer(sent); round++) {
      const { 'www-authenticate': challenge } = sent.response.headers;
      const next = await this.#authorization.answer(challenge, request.scopes, header);
      if (next === undefined) return sent;
      await discard({ ...request, url: sent.url }, sent.response);
      header = next;
      sent = await this.#followed(request, header);
    }
    return sent;
  }

  /** A challenge of another host (after a redirect) is none of ours. */
  #mayAnswer({ response, url }: { response: HttpResponse; url: URL }): boolean {
    return response.status === 401 && url.origin === this.#base.origin;
  }

  async #followed(
    { method, to, headers, body, signal }: RegistryRequest,
    authorization: string | undefined,
  ): Promise<{ response: HttpResponse; url: URL }> {
    let url = typeof to === 'string' ? this.urlOf(to) : to;
    for (let redirects = 0; ; redirects++) {
      const own = url.origin === this.#base.origin && authorization !== undefined;
      const response = await this.#transport({
        method,
        url,
        headers: { ...headers, ...(own ? { authorization } : {}) },
        ...(body ? { body } : {}),
        ...(signal ? { signal } : {}),
      });
      const location = headerOf(response, 'location');
      if (!REDIRECTS.has(response.status) || location === undefined) return { response, url };
      await discard({ method, url }, response);
      if (redirects === MAX_REDIRECTS)
        throw protocolFailure({ method, url }, `more than ${MAX_REDIRECTS} redirects`);
      checkRedirect({ method, url }, response.status);
      url = resolveLocation({ method, url }, location);
    }
  }

  async #transport(
    request: FailedRequest & Pick<RegistryRequest, 'body' | 'headers' | 'signal'>,
  ): Promise<HttpResponse> {
    const { transport } = this.access;
    const signal = request.signal ?? this.access.signal;
    const source = watched(request.body);
    try {
      return await transport.request({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': 'nx-nixpack', 'accept-encoding': 'identity', ...request.headers },
        ...(source.body ? { body: source.body } : {}),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      signal?.throwIfAborted();
      // What reading our own content threw is no fault of the network.
      if (source.failed()) throw source.error();
      throw brokeOff(request, error);
    }
  }

  async #failure(shown: FailedRequest, response: HttpResponse): Promise<RegistryFailure> {
    const body = await readBody(shown, response, DEFAULT_BODY_LIMIT).catch(() => Buffer.alloc(0));
    const redact = (text: string): string => this.#authorization.redact(text);
    return answered(shown, response.status, response.headers, body, redact);
  }

  /** `Warning: 299 - "text"`, each once. */
  #warn({ headers }: HttpResponse): void {
    const text = /^299\s+\S+\s+"((?:[^"\\]|\\.)*)"/.exec(String(headers['warning'] ?? ''))?.[1];
    if (text === undefined || this.#warned.has(text)) return;
    this.#warned.add(text);
    const { progress = silent } = this.access;
    progress.warn(sanitize(`The registry ${this.#base.host} says: ${text.slice(0, 500)}`));
  }
}

/**
 * Once for a token that is missing, once more for one that does not reach far enough. Requests that run at the same time
 * may use a token up that was good when it was taken; each further round needs another token.
 */
const roundsFor = ({ headers }: HttpResponse): number =>
  String(headers['www-authenticate']).includes('invalid_token') ? 4 : 2;

/** http is for this machine only; nothing falls back to it. */
function baseUrl(registry: string): URL {
  const url = new URL(`https://${registry === 'docker.io' ? HUB_API : registry}/`);
  if (isLoopback(url)) return new URL(`http://${registry}/`);
  return url;
}

/** A location that a registry names, checked: never from https to http, no user information. Throws RegistryFailure. */
export function resolveLocation(from: FailedRequest, location: string): URL {
  if (!URL.canParse(location, from.url.href))
    throw protocolFailure(from, 'the answer names a location that is no URL');
  const url = new URL(location, from.url);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  const downgrade = from.url.protocol === 'https:' && url.protocol !== 'https:';
  if (!secure || downgrade || url.username !== '' || url.password !== '')
    throw protocolFailure(
      from,
      `the answer leads to ${url.protocol}//${url.host}, which is not safe`,
    );
  return url;
}

/** 301, 302 and 303 make a GET of other methods, which no upload survives. */
function checkRedirect(request: FailedRequest, status: number): void {
  if (['GET', 'HEAD'].includes(request.method) || status === 307 || status === 308) return;
  throw protocolFailure(request, `was redirected with ${status}, which loses its body`);
}

function watched(body: RegistryRequest['body']): {
  body: RegistryRequest['body'];
  failed: () => boolean;
  error: () => unknown;
} {
  let failure: { error: unknown } | undefined;
  if (typeof body !== 'function') return { body, failed: () => false, error: () => undefined };
  const make = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* body();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  return { body: make, failed: () => failure !== undefined, error: () => failure?.error };
}
