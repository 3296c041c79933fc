import { UserError } from '@nx-nixpack/base';
import { readImageReference, type ImageReference } from '@nx-nixpack/data';
import { type Digest, isDigest } from './digest.js';

export interface Reference extends ImageReference {
  readonly digest?: Digest;
}

/** Reads a reference by the distribution grammar; `node:22` means `docker.io/library/node:22`. Throws UserError REGISTRY_INVALID_REFERENCE. */
export function parseReference(text: string): Reference {
  const found = readImageReference(text);
  if ('problem' in found) throw invalid(text, found.problem);
  const { digest, ...named } = found;
  return isDigest(digest) ? { ...named, digest } : named;
}

export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

function invalid(text: string, reason: string): UserError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new UserError({
    code: 'REGISTRY_INVALID_REFERENCE',
    message: `"${shown}" is not an image reference: ${reason}`,
    hint: 'Write registry/repository:tag or registry/repository@sha256:<64 hex digits>, the repository in lower case.',
  });
}
