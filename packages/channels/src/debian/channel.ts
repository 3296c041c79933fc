import type { Platform } from '@nx-nixpack/data';
import type { Channel, ChannelAccess } from '../channel.js';
import { unavailable } from '../failures.js';
import { download } from '../http/download.js';
import { archiveOf, findRelease, type DebianRelease } from './open-release.js';
import { RELEASES } from './releases.js';

/** Debian's packages. By itself it looks at the newest release; `findRelease` opens another. */
export const debian: Channel = {
  name: 'debian',
  versions: async (name, platform, access) => {
    const packages = (await newest(platform, access)).packages(name);
    return packages.map(({ version }) => version).reverse();
  },
  archive: async (name, version, platform, access) =>
    debianArchive(await newest(platform, access), name, version),
  fetch: download,
};

/** One package of a release. Throws UserError TOOLCHAIN_UNAVAILABLE when it has none of that version. */
export function debianArchive(release: DebianRelease, name: string, version: string) {
  const all = release.packages(name);
  const found = all.find((one) => one.version === version);
  if (found !== undefined) return archiveOf(found);
  if (all.length === 0) throw release.unknown(name);
  throw unavailable(
    `Debian ${release.codename} does not have ${name} ${version}`,
    `Ask for one of the versions that it has: ${all.map((one) => one.version).join(', ')}.`,
  );
}

async function newest(platform: Platform, access: ChannelAccess): Promise<DebianRelease> {
  const [codename = ''] = RELEASES;
  const found = await findRelease(codename, platform, access);
  if (found !== undefined) return found.open();
  throw unavailable(
    `No mirror of debian has the release ${codename}`,
    'Set NX_NIXPACK_DEBIAN_MIRROR to the address of a Debian mirror.',
  );
}
