import { type Platform } from '@nx-nixpack/data';
import { excerpt, isObject, sanitize, UserError } from '@nx-nixpack/base';
import { parseDescriptor, parseObject, type Descriptor } from '../descriptor.js';
import type { Digest } from '../digest.js';
import { MAX_MANIFEST_BYTES } from '../image-from.js';
import { formatReference, type Reference } from '../reference.js';
import type { RegistryAccess } from './access.js';
import { Connection } from './connection.js';
import { type FoundManifest, isIndexType, requireManifest } from './manifests.js';
import { pullScope } from './token-scopes.js';

export interface ResolveOptions extends RegistryAccess {
  readonly platform: Platform;
}

/**
 * The manifest that a reference means for a platform; an index is looked into. Without tag and digest, `latest` is meant;
 * with both, the digest counts. Throws UserError.
 */
export async function resolveImage(
  reference: Reference,
  options: ResolveOptions,
): Promise<Descriptor> {
  const connection = new Connection(reference, options);
  const found = await requireManifest(connection, wanted(reference), [
    pullScope(reference.repository),
  ]);
  return (
    chooseManifest(found, options.platform, reference) ?? {
      mediaType: found.mediaType,
      digest: found.digest,
      size: found.bytes.byteLength,
    }
  );
}

export const wanted = ({ digest, tag }: Reference): Digest | string => digest ?? tag ?? 'latest';

/** The platform's manifest in an index; undefined when `found` is not an index. Throws UserError REGISTRY_NOT_FOUND when it has none. */
export function chooseManifest(
  { bytes, mediaType }: FoundManifest,
  platform: Platform,
  reference: Reference,
): Descriptor | undefined {
  if (!isIndexType(mediaType)) return undefined;
  const index = parseObject(bytes, 'the image index', MAX_MANIFEST_BYTES);
  const { manifests } = index;
  const entries = Array.isArray(manifests) ? manifests.filter(isObject) : [];
  const entry = entries.find((candidate) => isFor(candidate['platform'], platform));
  if (entry === undefined) throw noPlatform(reference, platform, entries);
  const descriptor = parseDescriptor(entry, `the entry for ${platform} of the image index`);
  if (!isIndexType(descriptor.mediaType)) return descriptor;
  throw new UserError({
    code: 'BASE_INVALID',
    message: `The image index of ${formatReference(reference)} holds further indexes`,
    hint: 'Name the inner index by its digest.',
  });
}

/** Variants that every machine of the architecture runs; the others need a newer one. */
const VARIANTS: Readonly<Record<string, readonly unknown[]>> = {
  amd64: [undefined, '', 'v1'],
  arm64: [undefined, '', 'v8'],
};

function isFor(value: unknown, platform: Platform): boolean {
  if (!isObject(value)) return false;
  const { os, architecture, variant } = value;
  if (`${String(os)}/${String(architecture)}` !== platform) return false;
  return VARIANTS[String(architecture)]?.includes(variant) ?? false;
}

function noPlatform(
  reference: Reference,
  platform: Platform,
  entries: readonly Readonly<Record<string, unknown>>[],
): UserError {
  const names = entries.flatMap(({ platform: offered }) =>
    isObject(offered) && offered['os'] !== 'unknown'
      ? [[offered['os'], offered['architecture'], offered['variant']].filter(Boolean).join('/')]
      : [],
  );
  const list = names.slice(0, 20).join(', ') || 'none';
  return new UserError({
    code: 'REGISTRY_NOT_FOUND',
    message: sanitize(`${formatReference(reference)} has no image for ${platform}`),
    hint: `Choose an image for ${platform}; this one is for: ${excerpt(list, 500)}.`,
  });
}
