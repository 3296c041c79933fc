import type { Archive } from '@nx-nixpack/channels';
import type { RuntimeSources } from './runtime.js';

/** Channels that have what a spec says, by `<channel>:<name>`, and nothing else. */
export function scriptedSources(
  channels: Readonly<Record<string, readonly string[]>>,
  rest: Partial<RuntimeSources> = {},
): RuntimeSources {
  const versions = (channel: string, name: string) =>
    Promise.resolve(channels[`${channel}:${name}`] ?? []);
  return {
    versions,
    archive: async (channel, name, version) => {
      if ((await versions(channel, name)).includes(version))
        return archiveOf(channel, name, version);
      throw new Error(`${channel}:${name} was asked for ${version}, which it does not have`);
    },
    reachable: () => Promise.resolve(false),
    release: 'trixie',
    arch: 'x64',
    others: [],
    isFinal: false,
    ...rest,
  };
}

const archiveOf = (channel: string, name: string, version: string): Archive => ({
  id: `${channel}:${name}@${version}`,
  channel,
  name,
  version,
  integrity: 'sha512-AAAA',
  size: 1,
  path: `${name}/${version}`,
});
