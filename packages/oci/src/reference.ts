import { UserError } from '@nx-nixpack/base';
import { type Digest, isDigest } from './digest.js';

/** Where an image lies: `registry/repository[:tag][@digest]`. Without tag and digest, `latest` is meant. */
export interface Reference {
  /** `host[:port]`; Docker Hub is `docker.io`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:.]+\\])(?::([0-9]{1,5}))?$`);
const REPOSITORY =
  /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const MAX_NAME = 255;
const HUB = 'docker.io';
const HUB_ALIASES: ReadonlySet<string> = new Set([HUB, 'index.docker.io', 'registry-1.docker.io']);

/** `host`, `host:port` or `[ipv6]:port`, as the distribution reference grammar has it. */
export function isRegistryHost(text: string): boolean {
  const match = text.length <= MAX_NAME ? HOST.exec(text) : null;
  if (match === null) return false;
  const port = match[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65535);
}

export const isRepositoryName = (text: string): boolean =>
  text.length <= MAX_NAME && REPOSITORY.test(text);

export const isTag = (text: string): boolean => TAG.test(text);

/** Reads a reference by the distribution grammar; `node:22` means `docker.io/library/node:22`. Throws UserError REGISTRY_INVALID_REFERENCE. */
export function parseReference(text: string): Reference {
  const [named, digest] = splitDigest(text);
  const { name, tag } = splitTag(named);
  const { registry, repository } = splitRegistry(name);
  if (!isRegistryHost(registry)) throw invalid(text, `"${shown(registry)}" is not a registry host`);
  if (!isRepositoryName(repository))
    throw invalid(text, `"${shown(repository)}" is not a repository name`);
  if (registry.length + 1 + repository.length > MAX_NAME)
    throw invalid(text, `its name has more than ${MAX_NAME} characters`);
  if (tag !== undefined && !isTag(tag)) throw invalid(text, `"${shown(tag)}" is not a tag`);
  if (digest !== undefined && !isDigest(digest))
    throw invalid(text, `"${shown(digest)}" is not a sha256 digest`);
  return { registry, repository, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
}

export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

function splitDigest(text: string): [string, string | undefined] {
  const at = text.indexOf('@');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A colon after the last slash begins the tag; one before it belongs to the host's port. */
function splitTag(named: string): { name: string; tag?: string } {
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  if (colon < 0) return { name: named };
  return { name: named.slice(0, colon), tag: named.slice(colon + 1) };
}

/** The first part is a host when it looks like one (a dot, a port, upper case, localhost); else the name is Docker Hub's. */
function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  if (!isHost) return { registry: HUB, repository: hubName(name) };
  const repository = name.slice(slash + 1);
  if (!HUB_ALIASES.has(first)) return { registry: first, repository };
  return { registry: HUB, repository: hubName(repository) };
}

const hubName = (name: string): string => (name.includes('/') ? name : `library/${name}`);

const shown = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

function invalid(text: string, reason: string): UserError {
  return new UserError({
    code: 'REGISTRY_INVALID_REFERENCE',
    message: `"${shown(text)}" is not an image reference: ${reason}`,
    hint: 'Write registry/repository:tag or registry/repository@sha256:<64 hex digits>, the repository in lower case.',
  });
}
