import type { Contents } from './contents.js';
import { type Exchange, failure, readAll, type Reply, sha256 } from './exchange.js';
import { demand } from './violation.js';

const LIMIT = 4 * 1024 * 1024;

export interface ManifestRules {
  /** A tag that exists cannot be moved (409). */
  readonly immutableTags: boolean;
  readonly withoutReferrers: boolean;
}

/** GET, HEAD and PUT of a manifest by tag or digest. */
export async function serveManifest(
  exchange: Exchange,
  contents: Contents,
  repository: string,
  reference: string,
  rules: ManifestRules,
): Promise<Reply> {
  if (exchange.method === 'PUT')
    return putManifest(exchange, contents, repository, reference, rules);
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') return failure(405, 'UNSUPPORTED');
  const { accept } = exchange.headers;
  demand(accept !== undefined && accept !== '*/*', 'manifests are asked for with Accept');
  const found = contents.manifest(repository, reference);
  // Like docker-registry 2.8: a type that the client did not name is not there.
  if (found === undefined || !accept.includes(found.mediaType))
    return failure(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
  return {
    status: 200,
    headers: { 'content-type': found.mediaType, 'docker-content-digest': sha256(found.bytes) },
    body: found.bytes,
  };
}

async function putManifest(
  { headers, body }: Exchange,
  contents: Contents,
  repository: string,
  reference: string,
  { immutableTags, withoutReferrers }: ManifestRules,
): Promise<Reply> {
  const bytes = await readAll(body);
  if (bytes.length > LIMIT) return failure(413, 'MANIFEST_INVALID', 'manifest too large');
  const digest = sha256(bytes);
  const byDigest = reference.startsWith('sha256:');
  demand(!byDigest || reference === digest, `manifest is ${digest}, not ${reference}`);
  const mediaType = headers['content-type'] ?? '';
  const subject = checkManifest(bytes, mediaType, contents, repository);
  const before = contents.tag(repository, reference);
  if (immutableTags && before !== undefined && before !== digest)
    return failure(409, 'TAG_INVALID', 'the tag is immutable');
  contents.addManifest(repository, bytes, mediaType, byDigest ? undefined : reference);
  const location = `/v2/${repository}/manifests/${digest}`;
  const noted = subject === undefined || withoutReferrers ? {} : { 'oci-subject': subject };
  return { status: 201, headers: { location, 'docker-content-digest': digest, ...noted } };
}

interface Named {
  readonly digest: string;
}

function checkManifest(
  bytes: Buffer,
  mediaType: string,
  contents: Contents,
  repository: string,
): string | undefined {
  const manifest = JSON.parse(bytes.toString('utf8')) as {
    mediaType?: string;
    config?: Named;
    layers?: readonly Named[];
    manifests?: readonly Named[];
    subject?: Named;
  };
  demand(
    mediaType === (manifest.mediaType ?? mediaType) && mediaType.startsWith('application/vnd.'),
    `Content-Type ${mediaType} of a manifest of type ${manifest.mediaType}`,
  );
  for (const { digest } of [
    ...(manifest.config ? [manifest.config] : []),
    ...(manifest.layers ?? []),
  ])
    demand(contents.blob(repository, digest) !== undefined, `manifest before its blob ${digest}`);
  for (const { digest } of manifest.manifests ?? [])
    demand(contents.manifest(repository, digest) !== undefined, `index before ${digest}`);
  // A subject need not be there yet.
  return manifest.subject?.digest;
}
