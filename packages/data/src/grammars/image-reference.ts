/** Where an image lies: `registry/repository[:tag][@digest]`. Without tag and digest, `latest` is meant. */
export interface ImageReference {
  /** `host[:port]`; Docker Hub is `docker.io`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest?: string;
}

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:.]+\\])(?::([0-9]{1,5}))?$`);
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
/** Of at most 255 characters. */
export const REPOSITORY = new RegExp(`^${PART}(?:/${PART})*$`);
export const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MAX_NAME = 255;
const HUB = 'docker.io';
const HUB_ALIASES: ReadonlySet<string> = new Set([HUB, 'index.docker.io', 'registry-1.docker.io']);

/** `host`, `host:port` or `[ipv6]:port`, as the distribution reference grammar has it. */
export function isRegistryHost(text: string): boolean {
  const match = text.length <= MAX_NAME ? HOST.exec(text) : null;
  if (match === null) return false;
  const port = match[1];
  return port === undefined || (/^[1-9]/.test(port) && Number(port) <= 65535);
}

export const isRepositoryName = (text: string): boolean =>
  text.length <= MAX_NAME && REPOSITORY.test(text);

export const isTag = (text: string): boolean => TAG.test(text);

/** Reads a reference by the distribution grammar, or says what is wrong; `node:22` means `docker.io/library/node:22`. */
export function readImageReference(text: string): ImageReference | { readonly problem: string } {
  const [named, digest] = splitDigest(text);
  const { name, tag } = splitTag(named);
  const { registry, repository } = splitRegistry(name);
  const problem = problemOf({ registry, repository, tag, digest });
  if (problem !== undefined) return { problem };
  return { registry, repository, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
}

type Parts = { readonly [Part in keyof Required<ImageReference>]: string | undefined } & {
  readonly registry: string;
  readonly repository: string;
};

function problemOf({ registry, repository, tag, digest }: Parts): string | undefined {
  if (!isRegistryHost(registry)) return `"${cut(registry)}" is not a registry host`;
  if (!isRepositoryName(repository)) return `"${cut(repository)}" is not a repository name`;
  if (registry.length + 1 + repository.length > MAX_NAME)
    return `its name has more than ${MAX_NAME} characters`;
  if (tag !== undefined && !isTag(tag)) return `"${cut(tag)}" is not a tag`;
  if (digest !== undefined && !DIGEST.test(digest))
    return `"${cut(digest)}" is not a sha256 digest`;
  return undefined;
}

function splitDigest(text: string): [string, string | undefined] {
  const at = text.indexOf('@');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A colon after the last slash begins the tag; one before it belongs to the host's port. */
function splitTag(named: string): { name: string; tag: string | undefined } {
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  if (colon < 0) return { name: named, tag: undefined };
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

const cut = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
