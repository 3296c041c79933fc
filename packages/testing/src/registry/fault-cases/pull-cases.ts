import type { Reply } from '../exchange.js';
import {
  ALWAYS,
  BLOBS,
  change,
  type FaultCase,
  fixed,
  MANIFESTS,
  reply,
  TRANSIENT,
  withHeaders,
} from './fault-case.js';

const flipped = change((answer) => {
  const body = Buffer.from(answer.body ?? '');
  body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
  return { ...answer, body };
});
const manifest = (rest: Omit<Reply, 'status'>): FaultCase['prepare'] =>
  fixed({ path: MANIFESTS, times: ALWAYS, action: reply(200, rest) });
const leads = (location: string): FaultCase['prepare'] =>
  fixed({ path: BLOBS, times: ALWAYS, action: reply(307, { headers: { location } }) });
const OTHER = `sha256:${'0'.repeat(64)}`;

/** What registries send, or do not, when something is pulled. */
export const PULL_CASES: readonly FaultCase[] = (
  [
    ['nothing wrong', 'recover', () => {}],
    [
      'a status that passes, up to three times',
      'recover',
      (registry, at) =>
        registry.addFault({
          skip: at.below(4),
          times: 1 + at.below(3),
          action: reply(at.pick(TRANSIENT)),
        }),
    ],
    [
      'a request to wait',
      'recover',
      (registry, at) =>
        registry.addFault({
          skip: at.below(4),
          action: reply(429, { headers: { 'retry-after': '2' } }),
        }),
    ],
    [
      'a status that would pass and does not',
      'REGISTRY_UNREACHABLE',
      (registry, at) =>
        registry.addFault({
          path: at.pick([MANIFESTS, BLOBS]),
          times: ALWAYS,
          action: reply(at.pick(TRANSIENT)),
        }),
    ],
    [
      'a refusal',
      'REGISTRY_AUTH',
      (registry, at) =>
        registry.addFault({ path: at.pick([MANIFESTS, BLOBS]), times: ALWAYS, action: reply(403) }),
    ],
    [
      'no such manifest',
      'REGISTRY_NOT_FOUND',
      fixed({ path: MANIFESTS, times: ALWAYS, action: reply(404) }),
    ],
    [
      'a manifest that only HEAD finds',
      'REGISTRY_NOT_FOUND',
      fixed({ method: 'GET', path: MANIFESTS, times: ALWAYS, action: reply(404) }),
    ],
    [
      'no such blob',
      'REGISTRY_NOT_FOUND',
      fixed({ path: BLOBS, times: ALWAYS, action: reply(404) }),
    ],
    [
      'a blob that is reset at any byte',
      'recover',
      (registry, at) =>
        registry.addFault({
          path: BLOBS,
          skip: at.below(2),
          action: { kind: 'cut', afterBytes: at.below(4_000_000) },
        }),
    ],
    [
      'a blob that ends early as if it were whole',
      'recover',
      (registry, at) =>
        registry.addFault({
          path: BLOBS,
          skip: at.below(2),
          action: { kind: 'cut', afterBytes: at.below(4_000_000), clean: true },
        }),
    ],
    [
      'a blob that breaks off ten times, each time later',
      'recover',
      (registry, at) =>
        registry.addFault({
          path: BLOBS,
          times: 10,
          action: { kind: 'cut', afterBytes: 100_000 + at.below(200_000) },
        }),
    ],
    [
      'a blob that never begins',
      'REGISTRY_UNREACHABLE',
      fixed({ path: BLOBS, times: ALWAYS, action: { kind: 'cut', afterBytes: 0 } }),
    ],
    [
      'a range that is not satisfiable',
      'recover',
      (registry, at) => {
        registry.addFault({
          path: BLOBS,
          times: 3,
          action: { kind: 'cut', afterBytes: 1 + at.below(40_000) },
        });
        registry.addFault({ path: BLOBS, ranged: true, action: reply(416) });
      },
    ],
    [
      'another range than was asked for',
      'recover',
      (registry, at) => {
        registry.addFault({
          path: BLOBS,
          times: 3,
          action: { kind: 'cut', afterBytes: 1 + at.below(40_000) },
        });
        registry.addFault({
          path: BLOBS,
          ranged: true,
          action: withHeaders({ 'content-range': 'bytes 7-9/10' }),
        });
      },
    ],
    [
      'the whole blob instead of a range',
      'recover',
      (registry, at) => {
        registry.addFault({
          path: BLOBS,
          times: 3,
          action: { kind: 'cut', afterBytes: 1 + at.below(40_000) },
        });
        registry.addFault({ path: BLOBS, ranged: true, action: { kind: 'ignore-range' } });
      },
    ],
    [
      'a bit that flips once',
      'recover',
      (registry, at) => registry.addFault({ path: BLOBS, skip: at.below(3), action: flipped }),
    ],
    [
      'a bit that always flips',
      'REGISTRY_DIGEST_MISMATCH',
      fixed({ path: BLOBS, times: ALWAYS, action: flipped }),
    ],
    [
      'a blob that is longer than announced',
      'REGISTRY_DIGEST_MISMATCH',
      fixed({
        path: BLOBS,
        times: ALWAYS,
        action: change((answer) => ({
          ...answer,
          body: Buffer.concat([Buffer.from(answer.body ?? ''), Buffer.from('x')]),
        })),
      }),
    ],
    [
      'a blob that is shorter than announced',
      'REGISTRY_UNREACHABLE',
      fixed({
        path: BLOBS,
        times: ALWAYS,
        action: change((answer) => ({
          ...answer,
          body: Buffer.from(answer.body ?? '').subarray(0, 50),
        })),
      }),
    ],
    [
      'a tag that leads to nothing',
      'REGISTRY_NOT_FOUND',
      fixed({
        method: 'HEAD',
        times: ALWAYS,
        action: withHeaders({ 'docker-content-digest': OTHER }),
      }),
    ],
    [
      'a header that lies about a manifest',
      'REGISTRY_DIGEST_MISMATCH',
      fixed({
        method: 'GET',
        path: MANIFESTS,
        times: ALWAYS,
        action: withHeaders({ 'docker-content-digest': OTHER }),
      }),
    ],
    [
      'a manifest that flips a bit once',
      'recover',
      fixed({ method: 'GET', path: MANIFESTS, action: flipped }),
    ],
    [
      'a manifest that always flips a bit',
      'REGISTRY_DIGEST_MISMATCH',
      fixed({ method: 'GET', path: MANIFESTS, times: ALWAYS, action: flipped }),
    ],
    [
      'a manifest that ends early once',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: 'GET',
          path: MANIFESTS,
          action: { kind: 'cut', afterBytes: at.below(300), clean: at.below(2) === 0 },
        }),
    ],
    [
      'HTML instead of a manifest',
      'REGISTRY_PROTOCOL',
      manifest({ headers: { 'content-type': 'text/html' }, body: '<html>' }),
    ],
    ['a manifest of schema 1', 'REGISTRY_PROTOCOL', manifest({ body: '{"schemaVersion":1}' })],
    [
      'a manifest beyond 4 MiB',
      'REGISTRY_PROTOCOL',
      manifest({ body: Buffer.alloc(4 * 1024 * 1024 + 1, ' ') }),
    ],
    [
      'a manifest that is nested too deep',
      'REGISTRY_PROTOCOL',
      manifest({ body: `{"schemaVersion":2,"a":${'['.repeat(1e6)}` }),
    ],
    [
      'a manifest under another type',
      'REGISTRY_PROTOCOL',
      fixed({
        method: 'GET',
        path: MANIFESTS,
        times: ALWAYS,
        action: withHeaders({ 'content-type': 'application/vnd.oci.image.index.v1+json' }),
      }),
    ],
    [
      'an encoded manifest',
      'REGISTRY_PROTOCOL',
      fixed({
        method: 'GET',
        path: MANIFESTS,
        times: ALWAYS,
        action: withHeaders({ 'content-encoding': 'gzip' }),
      }),
    ],
    [
      'a blob encoded twice',
      'REGISTRY_PROTOCOL',
      fixed({
        path: BLOBS,
        times: ALWAYS,
        action: withHeaders({ 'content-encoding': 'gzip, gzip' }),
      }),
    ],
    ['a redirect to http elsewhere', 'REGISTRY_PROTOCOL', leads('http://cdn.example/x')],
    ['a redirect to itself', 'REGISTRY_PROTOCOL', leads('?again')],
    ['a redirect to where nobody listens', 'REGISTRY_UNREACHABLE', leads('http://127.0.0.1:1/x')],
    [
      'a redirect to a cloud metadata service',
      'REGISTRY_PROTOCOL',
      leads('https://169.254.169.254/latest/meta-data/'),
    ],
    [
      'a redirect on the way',
      'recover',
      (registry, at) =>
        registry.addFault({
          path: BLOBS,
          times: 1 + at.below(2),
          action: change((answer) => ({
            status: 307,
            headers: {
              location: `/v2/a/b/blobs/${String(answer.headers?.['docker-content-digest'])}?signed=1`,
            },
          })),
        }),
    ],
  ] as const satisfies readonly (readonly [string, FaultCase['verdict'], FaultCase['prepare']])[]
).map(([name, verdict, prepare]) => ({ name, flow: 'pull', verdict, prepare }));
