import type { Platform } from '@nx-nixpack/data';
import {
  answers,
  debianArchive,
  findChannel,
  type Archive,
  type ChannelAccess,
  type DebianRelease,
} from '@nx-nixpack/channels';
import type { RuntimeSources } from '@nx-nixpack/engine';

export interface SourcesRequest extends Pick<RuntimeSources, 'others' | 'isFinal'> {
  readonly release: DebianRelease;
  readonly platform: Platform;
  readonly access: ChannelAccess;
}

/** What runtimes may ask while one release is looked at. The same question of several runtimes is asked once. */
export function runtimeSources({
  release,
  platform,
  others,
  isFinal,
  access,
}: SourcesRequest): RuntimeSources {
  const versions = once((channel, name) => versionsOf(channel, name));
  const archive = once((channel, name, version = '') => archiveOf(channel, name, version));
  const reachable = once((url) => answers(url, access));
  return {
    ...{ versions, archive, reachable, others, isFinal },
    release: release.codename,
    arch: platform === 'linux/arm64' ? 'arm64' : 'x64',
  };

  async function versionsOf(channel: string, name = ''): Promise<readonly string[]> {
    if (channel !== 'debian') return findChannel(channel).versions(name, platform, access);
    return release
      .packages(name)
      .map(({ version }) => version)
      .reverse();
  }

  async function archiveOf(channel: string, name = '', version: string): Promise<Archive> {
    if (channel !== 'debian') return findChannel(channel).archive(name, version, platform, access);
    return debianArchive(release, name, version);
  }
}

/** One answer for each question, also for those that are asked meanwhile. */
function once<T>(
  ask: (first: string, ...more: string[]) => Promise<T>,
): (first: string, ...more: string[]) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (...question) => {
    const key = question.join('\n');
    const answer = known.get(key) ?? ask(...question);
    known.set(key, answer);
    return answer;
  };
}
