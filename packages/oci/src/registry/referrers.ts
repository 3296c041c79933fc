import { canonicalJson, isObject, type JsonObject } from '@nx-nixpack/base';
import { withHint } from '../base-invalid.js';
import type { Reference } from '../reference.js';
import { type Content, descriptorOf, type Listed } from '../content.js';
import { type Descriptor, parseDescriptor, parseObject, textsOf } from '../descriptor.js';
import { type Digest, digestOf, hexOf } from '../digest.js';
import { MAX_MANIFEST_BYTES } from '../image-from.js';
import { MEDIA_TYPES } from '../media-types.js';
import type { RegistryAccess } from './access.js';
import { Connection, headerOf, type Answer } from './connection.js';
import { resolveLocation } from './locations.js';
import { getManifest, isIndexType, putManifest } from './manifests.js';
import { protocolFailure } from './registry-failure.js';
import { pullScope, pushScope } from './token-scopes.js';

/** Something that says something about an image: an SBOM, a provenance, a signature. */
export type Referrer = Descriptor & Pick<Listed, 'artifactType' | 'annotations'>;

const MAX_PAGES = 100;
/** More than anybody says of one image, and little memory. */
const MAX_REFERRERS = 20_000;
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
  return withHint(MEND_LIST, async () => {
    const found = await fromRegistry(connection, subject.digest, scopes);
    return found ?? referrersIn(await listUnder(connection, subject.digest, scopes));
  });
}

const MEND_LIST =
  'Have the list of referrers mended by whoever keeps it: the registry, or who pushed the tag that stands for it.';

/**
 * Makes what was just pushed one of the referrers of its subject. A registry that knows about them has done so itself and
 * said so; for others the tag's list is kept. Throws UserError.
 */
export const ensureReferrer = (
  connection: Connection,
  content: Content,
  noted: string | undefined,
): Promise<void> => withHint(MEND_LIST, () => ensureListed(connection, content, noted));

async function ensureListed(
  connection: Connection,
  content: Content,
  noted: string | undefined,
): Promise<void> {
  const subject = content.subject?.digest;
  if (subject === undefined || noted === subject) return;
  const scopes = [pushScope(connection.repository)];
  const asked = await page(connection, firstPage(subject), scopes, HAS_NONE);
  if (asked.status === 200) return;
  const url = connection.urlOf(`manifests/${tagOf(subject)}`);
  for (let tried = 0; ; tried++) {
    const list = await listUnder(connection, subject, scopes);
    if (referrersIn(list).some(({ digest }) => digest === content.digest)) return;
    if (tried === TRIES) throw protocolFailure({ method: 'PUT', url }, KEEPS_NOTHING);
    const bytes = Buffer.from(withReferrer(list, content));
    const manifest = { bytes, digest: digestOf(bytes), mediaType: MEDIA_TYPES.index };
    await putManifest(connection, tagOf(subject), manifest, scopes);
  }
}

const KEEPS_NOTHING = 'the list of referrers does not keep what is added';
/** Registries of before say that they know no such address in many ways. */
const HAS_NONE = [400, 404, 405];

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

/** The list with one more; what others say in it stays as they said it. */
const withReferrer = (list: JsonObject, content: Content): string =>
  canonicalJson({
    ...list,
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: [...entriesIn(list), referrerOf(content)],
  });

/** undefined when the registry has no such list of its own. */
async function fromRegistry(
  connection: Connection,
  subject: Digest,
  scopes: readonly string[],
): Promise<readonly Referrer[] | undefined> {
  const found: Referrer[] = [];
  let to: string | URL = firstPage(subject);
  for (let pages = 1; ; pages++) {
    const answer = await page(connection, to, scopes, pages === 1 ? HAS_NONE : []);
    if (answer.status !== 200) return undefined;
    found.push(...referrersIn(parseList(answer.body)));
    const next = nextPage(answer);
    if (next === undefined) return found;
    if (pages === MAX_PAGES || found.length > MAX_REFERRERS)
      throw protocolFailure({ method: 'GET', url: next }, 'the list of referrers does not end');
    to = next;
  }
}

const firstPage = (subject: Digest): string => `referrers/${subject}`;

const page = (
  connection: Connection,
  to: string | URL,
  scopes: readonly string[],
  otherStatuses: readonly number[],
): Promise<Answer & { body: Buffer }> =>
  connection.call(
    {
      method: 'GET',
      to,
      headers: { accept: MEDIA_TYPES.index },
      scopes,
      expect: [200, ...otherStatuses],
    },
    { limit: MAX_MANIFEST_BYTES },
  );

function nextPage(answer: Answer): URL | undefined {
  const next = /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(headerOf(answer, 'link') ?? '')?.[1];
  return next === undefined ? undefined : resolveLocation({ method: 'GET', url: answer.url }, next);
}

/** The list under the tag, an empty one where there is none. Throws UserError when something else has that name. */
async function listUnder(
  connection: Connection,
  subject: Digest,
  scopes: readonly string[],
): Promise<JsonObject> {
  const found = await getManifest(connection, tagOf(subject), scopes);
  if (found === undefined) return {};
  if (isIndexType(found.mediaType)) return parseList(found.bytes);
  const url = connection.urlOf(`manifests/${tagOf(subject)}`);
  throw protocolFailure({ method: 'GET', url }, 'the answer is not a list of referrers');
}

const parseList = (bytes: Buffer): JsonObject =>
  parseObject(bytes, 'the list of referrers', MAX_MANIFEST_BYTES);

const entriesIn = ({ manifests }: JsonObject): readonly unknown[] =>
  Array.isArray(manifests) ? (manifests as unknown[]) : [];

const referrersIn = (list: JsonObject): Referrer[] => entriesIn(list).map(referrerFrom);

function referrerFrom(value: unknown): Referrer {
  const descriptor = parseDescriptor(value, 'an entry of the list of referrers');
  const { artifactType, annotations } = isObject(value) ? value : {};
  const texts = textsOf(annotations, 'the annotations of a referrer');
  return {
    ...descriptor,
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
    ...(Object.keys(texts).length > 0 ? { annotations: texts } : {}),
  };
}
