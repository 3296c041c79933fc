import { canonicalJson, isObject } from '@nx-nixpack/base';
import type { Reference } from '../reference.js';
import { type Content, descriptorOf, type Listed } from '../content.js';
import { type Descriptor, parseDescriptor, parseObject } from '../descriptor.js';
import { type Digest, digestOf, hexOf } from '../digest.js';
import { MAX_MANIFEST_BYTES } from '../image-from.js';
import { MEDIA_TYPES } from '../media-types.js';
import type { RegistryAccess } from './access.js';
import { Connection, headerOf, type Answer } from './connection.js';
import { resolveLocation } from './locations.js';
import { getManifest, putManifest } from './manifests.js';
import { protocolFailure } from './registry-failure.js';
import { pullScope, pushScope } from './token-scopes.js';

/** Something that says something about an image: an SBOM, a provenance, a signature. */
export type Referrer = Descriptor & Pick<Listed, 'artifactType' | 'annotations'>;

const MAX_PAGES = 100;
/** How often a list is written that somebody else writes at the same time. */
const TRIES = 5;

/**
 * What refers to a manifest of a repository (OCI distribution specification 1.1, "Listing Referrers"): what the registry
 * says, or what the tag says that stands for its answer where it has none. Empty when nothing does. Throws UserError.
 */
export async function listReferrers(
  subject: Reference & { readonly digest: Digest },
  access: RegistryAccess,
): Promise<readonly Referrer[]> {
  const connection = new Connection(subject, access);
  const scopes = [pullScope(subject.repository)];
  const found = await fromRegistry(connection, subject.digest, scopes);
  return found ?? (await fromTag(connection, subject.digest, scopes));
}

/**
 * Makes what was just pushed one of the referrers of its subject. A registry that knows about them has done so itself and
 * said so; for others the tag's list is kept. Throws UserError.
 */
export async function ensureReferrer(
  connection: Connection,
  content: Content,
  noted: string | undefined,
): Promise<void> {
  const subject = content.subject?.digest;
  if (subject === undefined || noted === subject) return;
  const scopes = [pushScope(connection.repository)];
  if ((await fromRegistry(connection, subject, scopes)) !== undefined) return;
  for (let tried = 1; tried <= TRIES; tried++) {
    const listed = await fromTag(connection, subject, scopes);
    if (listed.some(({ digest }) => digest === content.digest)) return;
    const bytes = Buffer.from(listOf([...listed, referrerOf(content)]));
    const manifest = { bytes, digest: digestOf(bytes), mediaType: MEDIA_TYPES.index };
    await putManifest(connection, tagOf(subject), manifest, scopes);
  }
  const url = connection.urlOf(`manifests/${tagOf(subject)}`);
  throw protocolFailure(
    { method: 'PUT', url },
    'the list of referrers does not keep what is added',
  );
}

/** The tag that stands for the registry's own list (distribution specification, "Referrers Tag Schema"). */
const tagOf = (subject: Digest): string => `sha256-${hexOf(subject)}`;

function referrerOf(content: Content): Referrer {
  const { artifactType, annotations } = content.listed;
  return {
    ...descriptorOf(content),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

const listOf = (manifests: readonly Referrer[]): string =>
  canonicalJson({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests });

/** undefined when the registry has no such list of its own. */
async function fromRegistry(
  connection: Connection,
  subject: Digest,
  scopes: readonly string[],
): Promise<readonly Referrer[] | undefined> {
  const found: Referrer[] = [];
  let to: string | URL | undefined = `referrers/${subject}`;
  for (let page = 0; to !== undefined && page < MAX_PAGES; page++) {
    const answer: Answer & { body: Buffer } = await connection.call(
      {
        method: 'GET',
        to,
        headers: { accept: MEDIA_TYPES.index },
        scopes,
        // Registries of before say that they know no such address in many ways.
        expect: page === 0 ? [200, 400, 404, 405] : [200],
      },
      { limit: MAX_MANIFEST_BYTES },
    );
    if (answer.status !== 200) return undefined;
    found.push(...referrersIn(answer.body));
    to = nextPage(answer);
  }
  return found;
}

function nextPage(answer: Answer): URL | undefined {
  const next = /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(headerOf(answer, 'link') ?? '')?.[1];
  return next === undefined ? undefined : resolveLocation({ method: 'GET', url: answer.url }, next);
}

async function fromTag(
  connection: Connection,
  subject: Digest,
  scopes: readonly string[],
): Promise<readonly Referrer[]> {
  const manifest = await getManifest(connection, tagOf(subject), scopes);
  return manifest === undefined ? [] : referrersIn(manifest.bytes);
}

function referrersIn(bytes: Buffer): Referrer[] {
  const { manifests } = parseObject(bytes, 'the list of referrers', MAX_MANIFEST_BYTES);
  return (Array.isArray(manifests) ? (manifests as unknown[]) : []).map(referrerFrom);
}

function referrerFrom(value: unknown): Referrer {
  const descriptor = parseDescriptor(value, 'an entry of the list of referrers');
  const { artifactType, annotations } = isObject(value) ? value : {};
  return {
    ...descriptor,
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
    ...(isObject(annotations) ? { annotations: annotations as Record<string, string> } : {}),
  };
}
