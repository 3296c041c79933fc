import { lookup } from 'node:dns';
import type { Readable } from 'node:stream';
import {
  type HttpRequest,
  type HttpResponse,
  type HttpTransport,
  isLoopback,
} from '@nx-nixpack/base';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { REACH, type Reach } from './address-reach.js';
import { GuardedLookup, leastReach, privateAddress, type Resolve } from './guarded-lookup.js';
import { noteProxies } from './note-proxies.js';
import { unacknowledged } from './send-queue.js';
import { Silence, watchedSlices } from './silence.js';

export interface TransportOptions {
  /** Milliseconds to connect. Default 10 s. */
  readonly connectMs?: number;
  /** Milliseconds without a byte in either direction, for requests that name none. Default 20 s. */
  readonly idleMs?: number;
  /** Certificate authorities in PEM form, instead of Node's own. */
  readonly ca?: string;
  /** Default: the system's. */
  readonly resolve?: Resolve;
}

/**
 * HTTP/1.1 through undici: connections kept, proxies of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), certificate
 * authorities of Node (NODE_EXTRA_CA_CERTS). No redirects, no retries, no decompression. What a proxy resolves, nobody
 * here can judge: `namedBy` holds for direct connections.
 */
export function undiciTransport(options: TransportOptions = {}): HttpTransport {
  const transport = new UndiciTransport(options);
  return { request: (request) => transport.request(request) };
}

interface Dispatchers {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

class UndiciTransport {
  readonly #options: TransportOptions;
  readonly #lookup: GuardedLookup;
  /** One set of connections for each reach that is asked for. */
  readonly #dispatchers = new Map<Reach, Dispatchers>();

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#lookup = new GuardedLookup(options.resolve ?? systemResolve);
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    const { method, url, headers, body, signal } = request;
    const idleMs = request.idleMs ?? this.#options.idleMs ?? 20_000;
    const limits = { idleMs, answerMs: request.answerMs ?? idleMs };
    const dispatcher = this.#dispatcher(request);
    const silence = new Silence(signal, body ? unacknowledged : undefined);
    const isStream = typeof body === 'function';
    silence.allow(isStream ? idleMs : limits.answerMs);
    const source = isStream ? watchedSlices(body(), silence, limits) : body;
    try {
      const response = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: method as Dispatcher.HttpMethod,
        headers: { 'accept-encoding': 'identity', ...headers },
        // undici writes any async iterable; its types name streams only.
        body: (source ?? null) as Readable | Uint8Array | null,
        bodyTimeout: idleMs,
        signal: silence.signal,
      });
      return { status: response.statusCode, headers: response.headers, body: response.body };
    } catch (error) {
      throw silence.reason(error);
    } finally {
      silence.end();
    }
  }

  /** Throws for an address that reaches less far than the server that named it. */
  #dispatcher({ url, namedBy }: HttpRequest): Dispatcher {
    const least = namedBy ? leastReach(this.#lookup.reach(namedBy)) : REACH.link;
    const known = this.#lookup.reach(url);
    if (known !== undefined && known < least) throw privateAddress(url.hostname);
    // Made with the first request, so that a proxy variable that is not a URL fails the request and not the program.
    const dispatchers = this.#dispatchers.get(least) ?? this.#open(least);
    this.#dispatchers.set(least, dispatchers);
    // No proxy reaches this machine's own loopback.
    return isLoopback(url.hostname) ? dispatchers.direct : dispatchers.proxied;
  }

  #open(least: Reach): Dispatchers {
    noteProxies(process.env);
    const { connectMs = 10_000, ca } = this.#options;
    const trusted = ca === undefined ? {} : { ca };
    const options = {
      connect: { timeout: connectMs, lookup: this.#lookup.atLeast(least), ...trusted },
      // Silence before the answer is watched above, where it is known whose turn it is to speak.
      headersTimeout: 0,
      keepAliveTimeout: 4_000,
    };
    const proxied = new EnvHttpProxyAgent({ ...options, requestTls: trusted });
    return { direct: new Agent(options), proxied };
  }
}

const systemResolve: Resolve = (hostname, done) =>
  lookup(hostname, { all: true }, (error, addresses) => done(error, addresses ?? []));
