import {
  isRegistryHost,
  pattern,
  readImageReference,
  REPOSITORY,
  TAG,
  type Grammar,
} from '@nx-nixpack/data';

/** `host[:port]`, nothing before or after it. In lower case: one registry has one name. */
export const registryHost: Grammar = (text) =>
  isRegistryHost(text) && text === text.toLowerCase()
    ? undefined
    : 'Write the host of a registry and its port, if any, in lower case: registry.example.com:5000; a path belongs to image.name.';

/** A repository of a registry. 255 characters are the limit of the whole reference; the host has its part of them. */
export const repositoryName = pattern(
  REPOSITORY,
  255,
  'Use lower-case letters and digits, joined by ".", "_", "__" or "-", in parts separated by "/": team/api.',
);

export const imageTag = pattern(
  TAG,
  128,
  'Use at most 128 letters, digits, "_", "." and "-", not beginning with "." or "-".',
);

/** The path of a layout on disk, `oci:PATH`; undefined for any other base. */
export const layoutPath = (text: string): string | undefined => /^oci:(.*)$/s.exec(text)?.[1];

/** What an image can be built on: a reference of a registry, or `oci:PATH`. */
export function baseImage(text: string): string | undefined {
  const path = layoutPath(text);
  return (path === undefined ? isReference(text) : isLayoutPath(path))
    ? undefined
    : 'Name an image (registry.example.com/base:1), a layout on disk (oci:PATH), or an image of this deployment ("{{ nixpack.<name>.ref }}").';
}

const isLayoutPath = (path: string): boolean => /^[^\s\\]+$/.test(path) && !path.startsWith('-');

function isReference(text: string): boolean {
  const found = readImageReference(text);
  return !('problem' in found) && registryHost(found.registry) === undefined;
}
