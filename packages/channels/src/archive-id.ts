import type { Archive } from './archive.js';

/** What an id says by itself; undefined for what is none. */
export function readArchiveId(
  id: string,
): Pick<Archive, 'id' | 'channel' | 'name' | 'version'> | undefined {
  const [, channel, name, rest] = /^([a-z]+):([^\s]+)@([^\s@]+)$/.exec(id) ?? [];
  if (channel === undefined || name === undefined || rest === undefined) return undefined;
  if (channel !== 'debian') return { id, channel, name, version: rest };
  const [, version, architecture] = /^(.+):([a-z0-9-]+)$/.exec(rest) ?? [];
  if (version === undefined || architecture === undefined) return undefined;
  return { id, channel, name, version };
}
