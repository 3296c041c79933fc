import type { Contents } from './contents.js';
import { type Exchange, failure, type Reply } from './exchange.js';

/** GET and HEAD of a blob, with `Range: bytes=FROM-[TO]`. */
export function serveBlob(
  { method, headers }: Exchange,
  contents: Contents,
  repository: string,
  digest: string,
): Reply {
  if (method !== 'GET' && method !== 'HEAD') return failure(405, 'UNSUPPORTED');
  const bytes = contents.blob(repository, digest);
  if (bytes === undefined) return failure(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
  const common = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest };
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  if (range === null) return { status: 200, headers: common, body: bytes };
  const from = Number(range[1]);
  const to = Math.min(range[2] ? Number(range[2]) : bytes.length - 1, bytes.length - 1);
  if (from >= bytes.length || to < from)
    return {
      ...failure(416, 'RANGE_INVALID'),
      headers: { 'content-range': `bytes */${bytes.length}` },
    };
  return {
    status: 206,
    headers: { ...common, 'content-range': `bytes ${from}-${to}/${bytes.length}` },
    body: bytes.subarray(from, to + 1),
  };
}
