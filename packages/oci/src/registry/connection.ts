import { isRegistryHost, isRepositoryName } from '@nx-nixpack/data';
import { excerpt, type HttpResponse, publicText, silent, UserError } from '@nx-nixpack/base';
import type { RegistryAccess, Repository } from './access.js';
import { Authorization } from './authorization.js';
import { baseUrl, checkRedirect, resolveLocation } from './locations.js';
import { Patience } from './patience.js';
import { discard, readBody } from './read-body.js';
import {
  answered,
  brokeOff,
  type FailedRequest,
  protocolFailure,
  type RegistryFailure,
} from './registry-failure.js';
import { retrying } from './retry.js';
import type { Send } from './token-server.js';
import { watchedBody } from './watched-body.js';

export interface RegistryRequest {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT';
  /** Below `/v2/<repository>/`, or a location that the registry named. */
  readonly to: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly scopes: readonly string[];
  /** Bytes that the registry has to read again before it can answer. */
  readonly commits?: number;
  /** Instead of the access's own, for what must be done after it was aborted. */
  readonly signal?: AbortSignal;
  /** Statuses to return; every other one throws. */
  readonly expect: readonly number[];
}

type Sent = FailedRequest & Pick<RegistryRequest, 'body' | 'commits' | 'headers' | 'signal'>;

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
/** A token that is missing or expired is one round; another one has a token that nobody else can use up. */
const ROUNDS = 2;
/** What the slowest registries read of their storage in a second. */
const COMMIT_BYTES_PER_MS = 20_000;
const MAX_COMMIT_MS = 300_000;

/** Requests to one repository: authorization, redirects and retries as docs/concepts/registries.md has them. */
export class Connection {
  readonly repository: string;
  readonly access: RegistryAccess;
  readonly #base: URL;
  readonly #authorization: Authorization;
  readonly #trusted: ReadonlySet<string>;
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
    this.#authorization = new Authorization(this.#base, { registry, repository }, access);
    this.#trusted = new Set(access.tokenServers?.get(registry));
  }

  /** The address of something below `/v2/<repository>/`. */
  urlOf(path: string): URL {
    return new URL(`v2/${this.repository}/${path}`, this.#base);
  }

  /**
   * An idempotent request with a small answer, tried again while it fails in passing. `patience` is that of the work which
   * the request is a part of. Throws UserError.
   */
  call(
    request: RegistryRequest,
    { limit = DEFAULT_BODY_LIMIT, patience }: { limit?: number; patience?: Patience } = {},
  ): Promise<Answer & { body: Buffer }> {
    const work = async (left: Patience): Promise<Answer & { body: Buffer }> => {
      const { response, url } = await this.#send(request, left);
      const body = await readBody({ ...request, url }, response, limit);
      return { status: response.status, headers: response.headers, url, body };
    };
    return retrying(this.access, work, patience);
  }

  /** One try, the body of the answer as it comes. Throws UserError. */
  async stream(
    request: RegistryRequest,
    patience: Patience,
  ): Promise<Answer & { body: AsyncIterable<Uint8Array> }> {
    const { response, url } = await this.#send(request, patience);
    return { status: response.status, headers: response.headers, url, body: response.body };
  }

  /** Like `call`, one try. */
  async once(request: RegistryRequest, patience = new Patience(this.access)): Promise<Answer> {
    const { response, url } = await this.#send(request, patience);
    await discard({ ...request, url }, response);
    return { status: response.status, headers: response.headers, url };
  }

  async #send(
    request: RegistryRequest,
    patience: Patience,
  ): Promise<{ response: HttpResponse; url: URL }> {
    const sent = await this.#authorized(request, patience);
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

  async #authorized(
    request: RegistryRequest,
    patience: Patience,
  ): Promise<{ response: HttpResponse; url: URL }> {
    const send: Send = (token) => this.#transport(token, patience);
    let header = await this.#authorization.header(request.scopes, send);
    let sent = await this.#followed(request, header, patience);
    for (let round = 1; round <= ROUNDS && this.#mayAnswer(sent); round++) {
      const { 'www-authenticate': challenge } = sent.response.headers;
      const refusal = { challenge, scopes: request.scopes, rejected: header };
      const isLast = round === ROUNDS;
      const offer = await this.#authorization.answer({ ...refusal, isLast }, send);
      if (offer === undefined) return sent;
      await discard({ ...request, url: sent.url }, sent.response);
      header = offer.header;
      sent = await this.#followed(request, header, patience);
      if (sent.response.status !== 401) offer.taken();
    }
    return sent;
  }

  /** A challenge of another host (after a redirect) is none of ours. */
  #mayAnswer({ response, url }: { response: HttpResponse; url: URL }): boolean {
    return response.status === 401 && url.origin === this.#base.origin;
  }

  async #followed(
    { method, to, headers, body, signal, commits }: RegistryRequest,
    authorization: string | undefined,
    patience: Patience,
  ): Promise<{ response: HttpResponse; url: URL }> {
    let url = typeof to === 'string' ? this.urlOf(to) : to;
    for (let redirects = 0; ; redirects++) {
      const own = url.origin === this.#base.origin && authorization !== undefined;
      const request = {
        method,
        url,
        headers: { ...headers, ...(own ? { authorization } : {}) },
        ...(body ? { body } : {}),
        ...(signal ? { signal } : {}),
        ...(commits ? { commits } : {}),
      };
      const response = await this.#transport(request, patience);
      const location = headerOf(response, 'location');
      if (!REDIRECTS.has(response.status) || location === undefined) return { response, url };
      await discard({ method, url }, response);
      if (redirects === MAX_REDIRECTS)
        throw protocolFailure({ method, url }, `more than ${MAX_REDIRECTS} redirects`);
      checkRedirect({ method, url }, response.status);
      url = resolveLocation({ method, url }, location);
    }
  }

  async #transport(request: Sent, patience: Patience): Promise<HttpResponse> {
    const signal = request.signal ?? this.access.signal;
    const { body, failure } = watchedBody(request.body, () => patience.moved());
    const commitMs = Math.min((request.commits ?? 0) / COMMIT_BYTES_PER_MS, MAX_COMMIT_MS);
    const idleMs = patience.silenceMs;
    try {
      return await this.access.transport.request({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': 'nx-nixpack', 'accept-encoding': 'identity', ...request.headers },
        idleMs,
        answerMs: idleMs + commitMs,
        ...(this.#isOurs(request.url) ? {} : { namedBy: this.#base }),
        ...(body ? { body } : {}),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      signal?.throwIfAborted();
      const own = failure();
      if (own) throw own.error;
      patience.forgive(commitMs);
      throw brokeOff(request, error);
    }
  }

  /** Addresses that the user named, and none that only the registry did. */
  #isOurs({ hostname, origin }: URL): boolean {
    return hostname === this.#base.hostname || this.#trusted.has(origin);
  }

  async #failure(shown: FailedRequest, response: HttpResponse): Promise<RegistryFailure> {
    const body = await readBody(shown, response, DEFAULT_BODY_LIMIT).catch(() => Buffer.alloc(0));
    return answered(shown, response.status, response.headers, body);
  }

  /** `Warning: 299 - "text"`, each once. */
  #warn({ headers }: HttpResponse): void {
    const text = /^299\s+\S+\s+"((?:[^"\\]|\\.)*)"/.exec(String(headers['warning'] ?? ''))?.[1];
    if (text === undefined || this.#warned.has(text)) return;
    this.#warned.add(text);
    const { progress = silent } = this.access;
    progress.warn(publicText(`The registry ${this.#base.host} says: ${excerpt(text, 500)}`));
  }
}
