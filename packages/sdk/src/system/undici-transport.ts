import type { HttpRequest, HttpResponse, HttpTransport } from '@nx-nixpack/base';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

export interface TransportOptions {
  /** Milliseconds to connect. Default 15 s. */
  readonly connectMs?: number;
  /** Milliseconds without a byte in either direction. Default 30 s. */
  readonly idleMs?: number;
  /** Milliseconds from the end of a request's body to its answer: a registry hashes what it took. Default 5 minutes. */
  readonly commitMs?: number;
  /** Certificate authorities in PEM form, instead of Node's own. */
  readonly ca?: string;
}

/** Bytes handed to the socket at once; each one counts as a sign of life. */
const SLICE = 256 * 1024;

/**
 * HTTP/1.1 through undici: connections kept, proxies of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), certificate
 * authorities of Node (NODE_EXTRA_CA_CERTS). No redirects, no retries, no decompression.
 */
export function undiciTransport(options: TransportOptions = {}): HttpTransport {
  const all = { connectMs: 15_000, idleMs: 30_000, commitMs: 300_000, ...options };
  let dispatchers: Dispatchers | undefined;
  return {
    // Made with the first request, so that a proxy variable that is no URL fails the request and not the program.
    request: async (request) => exchange(request, (dispatchers ??= open(all)), all),
  };
}

type Limits = Required<Omit<TransportOptions, 'ca'>> & Pick<TransportOptions, 'ca'>;

interface Dispatchers {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

function open({ connectMs, idleMs, ca }: Limits): Dispatchers {
  const options = {
    connect: { timeout: connectMs, ...(ca === undefined ? {} : { ca }) },
    // Silence before the answer is watched below, where it is known whose turn it is to speak.
    headersTimeout: 0,
    bodyTimeout: idleMs,
    keepAliveTimeout: 4_000,
  };
  return { direct: new Agent(options), proxied: new EnvHttpProxyAgent(options) };
}

/** No proxy reaches this machine's own loopback. */
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;

async function exchange(
  { method, url, headers, body, signal }: HttpRequest,
  { direct, proxied }: Dispatchers,
  { connectMs, idleMs, commitMs }: Limits,
): Promise<HttpResponse> {
  const silence = new Silence(signal);
  silence.allow(connectMs + idleMs);
  const source = typeof body === 'function' ? sliced(body(), silence, idleMs, commitMs) : body;
  try {
    const response = await (LOOPBACK.test(url.hostname) ? direct : proxied).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: method as Dispatcher.HttpMethod,
      headers: { 'accept-encoding': 'identity', ...headers },
      // undici writes any async iterable; its types name streams only.
      body: (source ?? null) as Readable | Uint8Array | null,
      signal: silence.signal,
    });
    return { status: response.statusCode, headers: response.headers, body: response.body };
  } catch (error) {
    throw silence.reason(error);
  } finally {
    silence.end();
  }
}

/** Ends a request that nobody has moved for too long. */
class Silence {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #tooLong = false;
  #ended = false;
  readonly signal: AbortSignal;

  constructor(outer: AbortSignal | undefined) {
    const own = this.#controller.signal;
    this.signal = outer ? AbortSignal.any([own, outer]) : own;
  }

  allow(milliseconds: number): void {
    clearTimeout(this.#timer);
    // An answer may come before the body was taken as a whole.
    if (this.#ended) return;
    this.#timer = setTimeout(() => {
      this.#tooLong = true;
      this.#controller.abort();
    }, milliseconds);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  reason(error: unknown): unknown {
    if (!this.#tooLong) return error;
    return Object.assign(new Error('no byte for too long', { cause: error }), {
      code: 'ETIMEDOUT',
    });
  }
}

async function* sliced(
  body: AsyncIterable<Uint8Array>,
  silence: Silence,
  idleMs: number,
  commitMs: number,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.byteLength; at += SLICE) {
      silence.allow(idleMs);
      yield chunk.subarray(at, at + SLICE);
    }
  }
  silence.allow(commitMs);
}
