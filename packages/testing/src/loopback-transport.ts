import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { HttpRequest, HttpResponse, HttpTransport } from '@nx-nixpack/base';

/** HttpTransport for specs: plain http, one connection a request, no other feature. `seen` gets every request. */
export function loopbackTransport(seen: (request: HttpRequest) => void = () => {}): HttpTransport {
  return {
    request: (request) => {
      seen(request);
      return exchange(request);
    },
  };
}

function exchange({ method, url, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, {
      method,
      headers,
      agent: false,
      ...(signal ? { signal } : {}),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming: IncomingMessage) =>
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming }),
    );
    if (typeof body !== 'function') return void outgoing.end(body);
    pipeline(
      Readable.from(body(), { objectMode: false }),
      outgoing,
      (error) => error && reject(error),
    );
  });
}
