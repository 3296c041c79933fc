import type { Archive } from '../archive.js';
import type { Channel, ChannelAccess, Mirror } from '../channel.js';
import { noSuchVersion } from '../failures.js';
import { download } from '../http/download.js';
import { measured } from '../http/measured.js';
import { fromMirrors } from '../http/mirrored.js';
import { isIntegrity } from '../integrity.js';
import { weakly } from '../http/weakly.js';
import { compareSemver } from './compare-versions.js';
import { askPackument, type Distribution } from './packument.js';

/** The npm registry. Its integrity is that of the registry's own description, sha512. */
export const npm: Channel = {
  name: 'npm',
  versions: async (name, _platform, access) => {
    const found = await packumentOf(name, access);
    return Object.keys(found?.versions ?? {}).sort(compareSemver);
  },
  archive: async (name, version, _platform, access) => {
    const { versions = {}, mirror } = (await packumentOf(name, access)) ?? {};
    const dist = Object.hasOwn(versions, version) ? versions[version] : undefined;
    if (dist === undefined || mirror === undefined)
      throw noSuchVersion('npm', name, version, Object.keys(versions).sort(compareSemver));
    return describe({ name, version, path: pathOf(name, version, dist, mirror) }, dist, access);
  },
  fetch: download,
};

interface Packument {
  readonly versions: Readonly<Record<string, Distribution>>;
  readonly mirror: Mirror;
}

const packumentOf = (name: string, access: ChannelAccess): Promise<Packument | undefined> =>
  fromMirrors('npm', access, async (mirror) => {
    const versions = await askPackument(name, mirror, access);
    return versions && { versions, mirror };
  });

/** Below the mirror where the registry says so; others name a host of their own, and every registry knows the usual path. */
function pathOf(name: string, version: string, { tarball }: Distribution, mirror: Mirror): string {
  const usual = `${name}/-/${name.slice(name.lastIndexOf('/') + 1)}-${version}.tgz`;
  return tarball.startsWith(mirror.url) ? tarball.slice(mirror.url.length) : usual;
}

type Place = Pick<Archive, 'name' | 'version' | 'path'>;

async function describe(
  place: Place,
  { integrity = '', shasum = '' }: Distribution,
  access: ChannelAccess,
): Promise<Archive> {
  const archive = { id: `npm:${place.name}@${place.version}`, channel: 'npm', ...place };
  // Several may be given; the strongest is sha512.
  const strong = integrity.split(/\s+/).find((one) => isIntegrity(one));
  if (strong === undefined) return weakly(archive, { method: 'sha1', hex: shasum }, access);
  const size = await measured('npm', place.path, access);
  if (size === undefined) throw noSuchVersion('npm', place.name, place.version, []);
  return { ...archive, integrity: strong, size };
}
