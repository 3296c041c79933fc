import type { Reply } from '../exchange.js';
import { failure } from '../exchange.js';
import type { FaultAction } from '../faults.js';
import {
  ALWAYS,
  BLOBS,
  change,
  type FaultCase,
  fixed,
  MANIFESTS,
  reply,
  TRANSIENT,
  UPLOADS,
  withHeaders,
} from './fault-case.js';

const OTHER = `sha256:${'0'.repeat(64)}`;
const failing = (status: number, code: string): FaultAction => {
  const { headers = {}, body = '' } = failure(status, code);
  return reply(status, { headers, body });
};
const location = (text: string | undefined): FaultAction =>
  change((answer): Reply => {
    const { location: _, ...headers } = answer.headers ?? {};
    return { ...answer, headers: text === undefined ? headers : { ...headers, location: text } };
  });
const begin = (action: FaultAction, times = ALWAYS): FaultCase['prepare'] =>
  fixed({ method: 'POST', path: UPLOADS, times, action });
/** HEAD of a blob that says no length. */
const THERE: FaultAction = {
  kind: 'raw',
  write: (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n'),
};
const SIZE = 4_000_000;

/** What registries do with uploads. */
export const PUSH_CASES: readonly FaultCase[] = (
  [
    ['nothing wrong', 'recover', () => {}],
    [
      'a status that passes, up to three times',
      'recover',
      (registry, at) =>
        registry.addFault({
          skip: at.below(8),
          times: 1 + at.below(3),
          action: reply(at.pick(TRANSIENT)),
        }),
    ],
    ['an upload that never begins', 'REGISTRY_UNREACHABLE', begin(reply(503))],
    ['an upload that is not allowed', 'REGISTRY_AUTH', begin(failing(403, 'DENIED'))],
    ['an upload without a location', 'REGISTRY_PROTOCOL', begin(location(undefined))],
    ['an upload with a location that is no URL', 'REGISTRY_PROTOCOL', begin(location('http://['))],
    [
      'an upload that is led to http elsewhere',
      'REGISTRY_PROTOCOL',
      begin(location('http://cdn.example/x')),
    ],
    [
      'a redirect that loses the body',
      'REGISTRY_PROTOCOL',
      begin(reply(302, { headers: { location: '/elsewhere' } })),
    ],
    [
      'bytes that are reset on their way',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: 'PATCH',
          action: { kind: 'reset', afterBytes: at.below(SIZE) },
        }),
    ],
    [
      'bytes that are reset again and again',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: 'PATCH',
          times: 3,
          action: { kind: 'reset', afterBytes: 100_000 + at.below(1_000_000) },
        }),
    ],
    [
      'the answer to the bytes lost',
      'recover',
      fixed({ method: 'PATCH', action: { kind: 'lose-reply' } }),
    ],
    [
      'fewer bytes counted than were sent',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: 'PATCH',
          action: withHeaders({ range: `0-${at.below(SIZE)}` }),
        }),
    ],
    [
      'no bytes counted, ever',
      'REGISTRY_PROTOCOL',
      fixed(
        { method: 'PATCH', times: ALWAYS, action: withHeaders({ range: '0-0' }) },
        { method: 'GET', path: UPLOADS, times: ALWAYS, action: withHeaders({ range: '0-0' }) },
      ),
    ],
    [
      'a session that is gone',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: at.pick(['PATCH', 'PUT']),
          path: UPLOADS,
          action: { kind: 'before', run: () => registry.uploads.forget() },
        }),
    ],
    [
      'a range that does not fit',
      'recover',
      fixed({ method: 'PATCH', action: failing(416, 'BLOB_UPLOAD_INVALID') }),
    ],
    [
      'the answer to a commit lost',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: 'PUT',
          path: UPLOADS,
          skip: at.below(3),
          action: { kind: 'lose-reply' },
        }),
    ],
    [
      'a commit that fails once',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: 'PUT',
          path: UPLOADS,
          skip: at.below(3),
          action: reply(at.pick([500, 502, 503])),
        }),
    ],
    [
      'bytes that arrive damaged once',
      'recover',
      (registry, at) =>
        registry.addFault({
          method: 'PUT',
          path: UPLOADS,
          skip: at.below(3),
          action: failing(400, 'DIGEST_INVALID'),
        }),
    ],
    [
      'bytes that always arrive damaged',
      'REGISTRY_PROTOCOL',
      fixed({
        method: 'PUT',
        path: UPLOADS,
        times: ALWAYS,
        action: failing(400, 'DIGEST_INVALID'),
      }),
    ],
    [
      'a storage that is full',
      'REGISTRY_PROTOCOL',
      fixed({ method: 'PATCH', times: ALWAYS, action: reply(507) }),
    ],
    [
      'a blob that is too large',
      'REGISTRY_PROTOCOL',
      fixed({ method: 'PATCH', times: ALWAYS, action: reply(413) }),
    ],
    [
      'a blob that is there in another size',
      'recover',
      fixed({
        method: 'HEAD',
        path: BLOBS,
        action: reply(200, { headers: { 'content-length': '5' } }),
      }),
    ],
    [
      'a blob that is said to be there',
      'REGISTRY_PROTOCOL',
      fixed({ method: 'HEAD', path: BLOBS, times: ALWAYS, action: THERE }),
    ],
    [
      'a manifest whose answer is lost',
      'recover',
      fixed({ method: 'PUT', path: MANIFESTS, times: 2, action: { kind: 'lose-reply' } }),
    ],
    [
      'a manifest that is stored as another',
      'REGISTRY_DIGEST_MISMATCH',
      fixed({
        method: 'PUT',
        path: MANIFESTS,
        action: withHeaders({ 'docker-content-digest': OTHER }),
      }),
    ],
    [
      'a manifest that is taken and not there',
      'REGISTRY_DIGEST_MISMATCH',
      fixed({ method: 'PUT', path: MANIFESTS, times: ALWAYS, action: reply(201) }),
    ],
    [
      'a tag that leads elsewhere once it is set',
      'REGISTRY_DIGEST_MISMATCH',
      fixed({
        method: 'HEAD',
        path: /manifests\/v1/,
        times: ALWAYS,
        action: reply(200, { headers: { 'docker-content-digest': OTHER } }),
      }),
    ],
    [
      'a tag that cannot be moved',
      'REGISTRY_PROTOCOL',
      fixed({
        method: 'PUT',
        path: /manifests\/v1/,
        times: ALWAYS,
        action: failing(409, 'TAG_INVALID'),
      }),
    ],
    [
      'a token that expires at any request',
      'recover',
      (registry, at) =>
        registry.addFault({
          skip: at.below(12),
          times: 2,
          action: { kind: 'before', run: () => registry.authentication.expireTokens() },
        }),
    ],
  ] as const satisfies readonly (readonly [string, FaultCase['verdict'], FaultCase['prepare']])[]
).map(([name, verdict, prepare]) => {
  const isMisled = name === 'a blob that is said to be there';
  return { name, flow: 'push', verdict, prepare, isMisled };
});
