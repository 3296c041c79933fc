import type { HttpRequest, HttpResponse, HttpTransport } from '@nx-nixpack/base';
import { type Exchange, readAll, type Reply } from './exchange.js';

/** Answers the requests to one origin; an error that it throws is one of the network. */
export type Site = (exchange: Exchange) => Reply | Promise<Reply>;

export interface WebRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Web extends HttpTransport {
  readonly requests: readonly WebRequest[];
}

/** Hosts in memory by their origin, `https://r.example`. Whatever is not there does not exist (ENOTFOUND). */
export function web(sites: Readonly<Record<string, Site>>): Web {
  const requests: WebRequest[] = [];
  return {
    requests,
    async request(request) {
      const body = await bodyOf(request);
      const { method, url, headers } = request;
      requests.push({ method, url, headers, body: body.toString('latin1') });
      const site = sites[url.origin];
      if (site === undefined) throw Object.assign(new Error(url.host), { code: 'ENOTFOUND' });
      const exchange = { method, path: url.pathname, query: url.searchParams, headers };
      return response(await site({ ...exchange, body: oneChunk(body) }));
    },
  };
}

async function bodyOf({ body }: HttpRequest): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  return typeof body === 'function' ? readAll(buffers(body())) : Buffer.from(body);
}

async function* buffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes;
}

function response({ status, headers = {}, body = '' }: Reply): HttpResponse {
  const bytes = Buffer.from(body);
  return { status, headers: { ...headers }, body: oneChunk(bytes) };
}
