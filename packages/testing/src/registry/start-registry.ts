import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Auth, Authentication } from './authentication.js';
import { serveBlob } from './blobs.js';
import { Contents } from './contents.js';
import { type Exchange, failure, type Reply } from './exchange.js';
import { type Fault, type FaultAction, Faults } from './faults.js';
import { serveManifest } from './manifests.js';
import { serveReferrers } from './referrers.js';
import { Uploads } from './uploads.js';
import { Violation } from './violation.js';

export interface RegistryOptions {
  readonly auth?: Auth;
  readonly faults?: readonly Fault[];
  readonly immutableTags?: boolean;
  /** Knows nothing of referrers, as registries of before the distribution specification 1.1. */
  readonly withoutReferrers?: boolean;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  /** Body bytes that arrived, set when the request is over. */
  received: number;
  status: number | undefined;
}

/** A strict in-memory OCI registry on a loopback port, for specs. */
export interface TestRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly contents: Contents;
  readonly requests: readonly RecordedRequest[];
  /** What the client did against the specification; a spec expects it to be empty. */
  readonly violations: readonly string[];
  readonly authentication: Authentication;
  readonly uploads: Uploads;
  addFault(fault: Fault): void;
  /** `METHOD path` of every request so far, in order; empties the list. */
  takeRequests(): readonly string[];
  /** So many of the next connections are reset at once. */
  dropConnections(count: number): void;
  close(): Promise<void>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const contents = new Contents();
  const faults = new Faults();
  for (const fault of options.faults ?? []) faults.add(fault);
  const state: State = {
    options,
    contents,
    faults,
    uploads: new Uploads(contents),
    authentication: new Authentication(options.auth),
    requests: [],
    violations: [],
  };
  const server = createServer((request, response) => {
    serve(state, request, response).catch((error: unknown) => {
      // A client that went away in the middle of a request is not a failure of the registry.
      if (!request.destroyed) state.violations.push(`the registry failed: ${String(error)}`);
      response.destroy();
    });
  });
  let dropped = 0;
  server.on('connection', (socket) => dropped-- > 0 && socket.resetAndDestroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    contents,
    requests: state.requests,
    violations: state.violations,
    authentication: state.authentication,
    uploads: state.uploads,
    addFault: (fault) => faults.add(fault),
    takeRequests: () =>
      state.requests.splice(0).map(({ method, path, query }) => `${method} ${path}${query}`),
    dropConnections: (count) => void (dropped = count),
    close: () => close(server),
  };
}

interface State {
  readonly options: RegistryOptions;
  readonly contents: Contents;
  readonly faults: Faults;
  readonly uploads: Uploads;
  readonly authentication: Authentication;
  readonly requests: RecordedRequest[];
  readonly violations: string[];
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://registry');
  const method = request.method ?? '';
  const recorded: RecordedRequest = {
    method,
    path: url.pathname,
    query: url.search,
    headers: request.headers,
    received: 0,
    status: undefined,
  };
  state.requests.push(recorded);
  const exchange = {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
  };
  const fault = state.faults.take({ ...exchange, body: request });
  if (fault?.kind === 'before') fault.run();
  if (fault?.kind === 'ignore-range') delete exchange.headers.range;
  const body = counted(request, recorded, fault);
  if (fault?.kind === 'reset' && hasNoBody(request)) return drop(request);
  if (fault?.kind === 'silence') return;
  const reply =
    fault?.kind === 'reply'
      ? fault.reply
      : await answer(state, { ...exchange, body }, request.headers.host ?? '');
  if (fault?.kind === 'lose-reply') return drop(request);
  recorded.status = reply.status;
  if (fault?.kind === 'raw') return fault.write(request.socket, reply);
  await send(response, method, fault?.kind === 'change' ? fault.change(reply) : reply, fault);
}

function drop(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

/** The body of a request, counted; a reset cuts it at its byte and drops the connection. */
async function* counted(
  request: IncomingMessage,
  recorded: RecordedRequest,
  fault: FaultAction | undefined,
): AsyncGenerator<Buffer> {
  const limit = fault?.kind === 'reset' ? (fault.afterBytes ?? 0) : Infinity;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const taken = chunk.subarray(0, Math.max(0, limit - recorded.received));
    recorded.received += taken.length;
    if (taken.length > 0) yield taken;
    if (recorded.received < limit) continue;
    request.socket.resetAndDestroy();
    throw new Error('connection reset by a fault');
  }
}

async function answer(state: State, exchange: Exchange, host: string): Promise<Reply> {
  try {
    return await route(state, exchange, host);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    state.violations.push(`${exchange.method} ${exchange.path}: ${error.message}`);
    return error.reply;
  }
}

const ROUTE = /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests|referrers|tags)\/([^/]*)$/;

async function route(state: State, exchange: Exchange, host: string): Promise<Reply> {
  const { contents, uploads, options } = state;
  const encoding = exchange.headers['accept-encoding'];
  if (encoding !== undefined && !/^identity(?:, identity)*$/.test(String(encoding)))
    throw new Violation(`Accept-Encoding ${encoding}`);
  if (exchange.path === '/token') return state.authentication.issue(exchange);
  const match = ROUTE.exec(exchange.path);
  const [, repository = '', room = '', name = ''] = match ?? [];
  const refused = state.authentication.refuse(exchange, host, scopes(exchange, repository));
  if (refused) return refused;
  if (exchange.path === '/v2/') return { status: 200, body: '{}' };
  if (match === null) return failure(404, 'NAME_UNKNOWN');
  if (room === 'blobs/uploads' && name === '' && exchange.method === 'POST')
    return uploads.start(exchange, repository);
  if (room === 'blobs/uploads') return uploads.continue(exchange, repository, name);
  if (room === 'blobs') return serveBlob(exchange, contents, repository, name);
  if (room === 'tags') return listTags(exchange, contents, repository);
  const { immutableTags = false, withoutReferrers = false } = options;
  if (room === 'referrers')
    return withoutReferrers
      ? failure(404, 'NOT_FOUND', 'page not found')
      : serveReferrers(exchange, contents, repository, name);
  const rules = { immutableTags, withoutReferrers };
  return serveManifest(exchange, contents, repository, name, rules);
}

function scopes({ method, query }: Exchange, repository: string): readonly string[] {
  if (repository === '') return [];
  const reads = method === 'GET' || method === 'HEAD';
  const from = query.get('from');
  return [
    `repository:${repository}:${reads ? 'pull' : 'pull,push'}`,
    ...(from === null ? [] : [`repository:${from}:pull`]),
  ];
}

function listTags({ query }: Exchange, contents: Contents, name: string): Reply {
  const all = contents.tags(name);
  if (all === undefined) return failure(404, 'NAME_UNKNOWN');
  const last = query.get('last') ?? '';
  const after = all.filter((tag) => tag > last);
  const tags = after.slice(0, Number(query.get('n') ?? after.length));
  const next = `</v2/${name}/tags/list?n=${query.get('n')}&last=${tags.at(-1)}>; rel="next"`;
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      ...(tags.length < after.length ? { link: next } : {}),
    },
    body: JSON.stringify({ name, tags }),
  };
}

async function send(
  response: ServerResponse,
  method: string,
  reply: Reply,
  fault: FaultAction | undefined,
): Promise<void> {
  const body = Buffer.from(reply.body ?? '');
  const cut = fault?.kind === 'cut' || fault?.kind === 'stall' ? fault : undefined;
  const clean = cut?.kind === 'cut' && cut.clean === true;
  const length = clean ? { connection: 'close' } : { 'content-length': String(body.length) };
  response.writeHead(reply.status, { ...length, ...reply.headers } as Record<string, string>);
  if (cut === undefined) return void response.end(method === 'HEAD' ? undefined : body);
  // The piece must be on its way before the connection is reset.
  await new Promise((resolve) => response.write(body.subarray(0, cut.afterBytes ?? 0), resolve));
  if (clean) return void response.end();
  if (cut.kind === 'cut') setTimeout(() => response.socket?.resetAndDestroy(), 5);
}
