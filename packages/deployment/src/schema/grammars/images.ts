import { pattern, type Grammar } from '@nx-nixpack/data';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])(?::([0-9]{1,5}))?$`);
const PATH = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = `${PATH}(?:/${PATH})*`;
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';

/** `host[:port]`, nothing before or after it. */
export const registryHost: Grammar = (text) => {
  const port = text.length <= 253 ? HOST.exec(text) : null;
  if (port && isPort(port[1])) return undefined;
  return 'Write the host of a registry and its port, if any, in lower case: registry.example.com:5000; a path belongs to image.name.';
};

const isPort = (digits: string | undefined): boolean =>
  digits === undefined || (/^[1-9]/.test(digits) && Number(digits) <= 65535);

/** A repository of a registry. 255 characters are the limit of the whole reference; the host has its part of them. */
export const repositoryName = pattern(
  new RegExp(`^${REPOSITORY}$`),
  255,
  'Use lower-case letters and digits, joined by ".", "_", "__" or "-", in parts separated by "/": team/api.',
);

export const imageTag = pattern(
  new RegExp(`^${TAG}$`),
  128,
  'Use at most 128 letters, digits, "_", "." and "-", not beginning with "." or "-".',
);

const REFERENCE = new RegExp(`^(.+?)(?::(${TAG}))?(?:@sha256:[0-9a-f]{64})?$`);
const BASE_HINT =
  'Name an image (registry.example.com/base:1), a layout on disk (oci:PATH), or an image of this deployment ("{{ nixpack.<name>.ref }}").';

/** What an image can be built on: a reference of a registry, or `oci:PATH`. */
export const baseImage: Grammar = (text) => {
  if (text.startsWith('oci:')) return isLayoutPath(text.slice(4)) ? undefined : BASE_HINT;
  return text.length <= 512 && isReference(text) ? undefined : BASE_HINT;
};

const isLayoutPath = (path: string): boolean => /^[^\s\\]+$/.test(path) && !path.startsWith('-');

function isReference(text: string): boolean {
  const name = REFERENCE.exec(text)?.[1] ?? '';
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasHost = /[.:]|^localhost$/.test(first);
  if (!hasHost) return repositoryName(name) === undefined;
  return registryHost(first) === undefined && repositoryName(name.slice(slash + 1)) === undefined;
}
