import type { Socket } from 'node:net';
import type { Reply } from '../exchange.js';
import type { Fault, FaultAction } from '../faults.js';
import { ALWAYS, BLOBS, type FaultCase, fixed, MANIFESTS, reply, TOKENS } from './fault-case.js';

const raw = (write: (socket: Socket, reply: Reply) => void): FaultAction => ({
  kind: 'raw',
  write,
});
const head = ({ status, headers = {} }: Reply, version = '1.1', extra = ''): string =>
  `HTTP/${version} ${status} x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}\r\n`)
    .join('')}${extra}`;
const get = (path: RegExp, action: FaultAction, rest: Partial<Fault> = {}): Fault => ({
  method: 'GET',
  path,
  action,
  ...rest,
});
const bearer = (extra: object): FaultCase['options'] => ({ auth: { kind: 'bearer', ...extra } });

const oldHttp = raw((socket, answer) => {
  socket.write(`${head(answer, '1.0')}\r\n`);
  socket.end(answer.body ?? '');
});
const early = raw((socket, answer) => {
  const length = `content-length: ${Buffer.from(answer.body ?? '').length}\r\n\r\n`;
  socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${head(answer)}${length}`);
  socket.write(answer.body ?? '');
});
const doubled = (name: string, values: readonly string[]): FaultAction =>
  raw((socket, answer) => {
    const lines = values.map((value) => `${name}: ${value}\r\n`).join('');
    const body = Buffer.from(answer.body ?? '');
    const length = name === 'content-length' ? '' : `content-length: ${body.length}\r\n`;
    socket.write(`${head(answer, '1.1', lines + length)}\r\n`);
    socket.write(body);
  });
const endless = raw((socket) => {
  socket.write('HTTP/1.1 200 OK\r\nx-long: ');
  const more = (): void => {
    if (!socket.destroyed) socket.write(Buffer.alloc(65536, 'x'), () => setImmediate(more));
  };
  socket.on('error', () => {});
  more();
});
const dribble = raw((socket) => {
  socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('error', () => {}).on('close', () => clearInterval(timer));
});
const chunked = (end: (socket: Socket) => void): FaultAction =>
  raw((socket, answer) => {
    const part = Buffer.from(answer.body ?? '').subarray(0, 40);
    socket.write(`${head(answer, '1.1', 'transfer-encoding: chunked\r\n')}\r\n`);
    socket.write(`${part.length.toString(16)}\r\n${part.toString('latin1')}\r\n`, 'latin1');
    end(socket);
  });
const garbage = raw((socket) => void socket.end('\x16\x03\x01 this is no HTTP\r\n\r\n'));

/** For silence that does not end: nothing else comes of more patience. */
const SHORT = { silenceMs: 150, standstillMs: 360 };
/** For silence that passes, on slow machines too. */
const LONG = { silenceMs: 700, standstillMs: 60_000 };

const CASES: readonly Omit<FaultCase, 'flow'>[] = [
  {
    name: 'HTTP/1.0 that ends with the connection',
    verdict: 'recover',
    prepare: fixed(get(/^\/v2/, oldHttp, { times: ALWAYS })),
  },
  { name: 'hints before the answer', verdict: 'recover', prepare: fixed(get(BLOBS, early)) },
  {
    name: 'a header twice',
    verdict: 'recover',
    prepare: fixed(get(MANIFESTS, doubled('x-any', ['a', 'b']), { times: 2 })),
  },
  {
    name: 'the type twice',
    verdict: 'recover',
    prepare: fixed(get(MANIFESTS, doubled('content-type', ['text/plain', 'text/html']))),
  },
  {
    name: 'two lengths',
    verdict: 'REGISTRY_PROTOCOL',
    prepare: fixed(get(MANIFESTS, doubled('content-length', ['3', '7']), { times: ALWAYS })),
  },
  {
    name: 'a header without end',
    verdict: 'REGISTRY_PROTOCOL',
    prepare: fixed(get(MANIFESTS, endless, { times: ALWAYS })),
  },
  {
    name: 'headers that come byte by byte',
    verdict: 'REGISTRY_UNREACHABLE',
    limits: SHORT,
    prepare: fixed(get(MANIFESTS, dribble, { times: ALWAYS })),
  },
  {
    name: 'chunks that are cut once',
    verdict: 'recover',
    prepare: fixed(
      get(
        BLOBS,
        chunked((socket) => void socket.end()),
      ),
    ),
  },
  {
    name: 'chunks without end',
    verdict: 'REGISTRY_UNREACHABLE',
    limits: SHORT,
    prepare: fixed(
      get(
        MANIFESTS,
        chunked(() => {}),
        { times: ALWAYS },
      ),
    ),
  },
  {
    name: 'something else than HTTP, once',
    verdict: 'recover',
    prepare: fixed(get(BLOBS, garbage)),
  },
  {
    name: 'something else than HTTP',
    verdict: 'REGISTRY_PROTOCOL',
    prepare: fixed(get(BLOBS, garbage, { times: ALWAYS })),
  },
  {
    name: 'silence',
    verdict: 'REGISTRY_UNREACHABLE',
    limits: SHORT,
    prepare: (registry, at) =>
      registry.addFault({
        path: at.pick([MANIFESTS, BLOBS]),
        times: ALWAYS,
        action: { kind: 'silence' },
      }),
  },
  {
    name: 'silence that passes',
    verdict: 'recover',
    limits: LONG,
    prepare: (registry, at) =>
      registry.addFault({ skip: at.below(5), action: { kind: 'silence' } }),
  },
  {
    name: 'a blob that stops once',
    verdict: 'recover',
    limits: LONG,
    prepare: (registry, at) =>
      registry.addFault({
        path: BLOBS,
        action: { kind: 'stall', afterBytes: at.pick([0, 1, 1000]) },
      }),
  },
  {
    name: 'a blob that stops',
    verdict: 'REGISTRY_UNREACHABLE',
    limits: SHORT,
    prepare: (registry, at) =>
      registry.addFault({
        path: BLOBS,
        times: ALWAYS,
        action: { kind: 'stall', afterBytes: at.pick([0, 1, 1000]) },
      }),
  },
  {
    name: 'connections that are reset, up to three',
    verdict: 'recover',
    prepare: (registry, at) => registry.dropConnections(1 + at.below(3)),
  },
  {
    name: 'connections that are always reset',
    verdict: 'REGISTRY_UNREACHABLE',
    prepare: (registry) => registry.dropConnections(ALWAYS),
  },
  {
    name: 'requests that are reset, up to three',
    verdict: 'recover',
    prepare: (registry, at) =>
      registry.addFault({ skip: at.below(4), times: 1 + at.below(3), action: { kind: 'reset' } }),
  },
  {
    name: 'a refusal without a challenge',
    verdict: 'REGISTRY_AUTH',
    prepare: fixed({ path: MANIFESTS, times: ALWAYS, action: reply(401) }),
  },
  {
    name: 'a challenge that nobody knows',
    verdict: 'REGISTRY_AUTH',
    prepare: fixed({
      path: MANIFESTS,
      times: ALWAYS,
      action: reply(401, { headers: { 'www-authenticate': 'Negotiate' } }),
    }),
  },
  {
    name: 'a token server that fails in passing',
    verdict: 'recover',
    prepare: (registry, at) =>
      registry.addFault({
        path: TOKENS,
        times: 1 + at.below(3),
        action: reply(at.pick([429, 500, 503])),
      }),
  },
  {
    name: 'a token server that fails',
    verdict: 'REGISTRY_UNREACHABLE',
    prepare: fixed({ path: TOKENS, times: ALWAYS, action: reply(500) }),
  },
  {
    name: 'a token server that knows nobody',
    verdict: 'REGISTRY_AUTH',
    prepare: fixed({ path: TOKENS, times: ALWAYS, action: reply(401) }),
  },
  {
    name: 'a token server that is a web page',
    verdict: 'REGISTRY_PROTOCOL',
    prepare: fixed({ path: TOKENS, times: ALWAYS, action: reply(200, { body: '<html>' }) }),
  },
  {
    name: 'a token server that leads elsewhere',
    verdict: 'REGISTRY_PROTOCOL',
    prepare: fixed({
      path: TOKENS,
      times: ALWAYS,
      action: reply(302, { headers: { location: 'https://evil.test/' } }),
    }),
  },
  {
    name: 'tokens for one request each',
    verdict: 'recover',
    options: bearer({ tokenRequests: 1 }),
    prepare: () => {},
  },
  {
    name: 'tokens for two requests each',
    verdict: 'recover',
    options: bearer({ tokenRequests: 2 }),
    prepare: () => {},
  },
];

/** What happens on connections and with token servers. */
export const WIRE_CASES: readonly FaultCase[] = CASES.flatMap((given) => {
  const isBoth = /^(?:tokens for|silence)/.test(given.name);
  const flows: readonly FaultCase['flow'][] = isBoth ? ['pull', 'push'] : ['pull'];
  return flows.map((flow) => ({ ...given, flow }));
});
