import type { Contents } from './contents.js';
import { type Exchange, failure, type Reply } from './exchange.js';
import { demand } from './violation.js';

const INDEX = 'application/vnd.oci.image.index.v1+json';

/** How many referrers an answer lists; the next ones are behind its link. */
const PAGE = 2;

/** GET of what refers to a manifest (OCI distribution specification 1.1). */
export function serveReferrers(
  { method, query }: Exchange,
  contents: Contents,
  repository: string,
  digest: string,
): Reply {
  if (method !== 'GET') return failure(405, 'UNSUPPORTED');
  demand(/^sha256:[0-9a-f]{64}$/.test(digest), `referrers of ${digest}`);
  const all = contents.referrers(repository, digest);
  const from = Number(query.get('from') ?? 0);
  const next = `</v2/${repository}/referrers/${digest}?from=${from + PAGE}>; rel="next"`;
  const manifests = all.slice(from, from + PAGE);
  return {
    status: 200,
    headers: { 'content-type': INDEX, ...(from + PAGE < all.length ? { link: next } : {}) },
    body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }),
  };
}
