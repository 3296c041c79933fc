import type { Platform } from '@nx-nixpack/data';
import type { Channel, ChannelAccess } from '../channel.js';
import { noSuchVersion, unavailable } from '../failures.js';
import { download, MAX_ARCHIVE_BYTES } from '../http/download.js';
import { measured } from '../http/measured.js';
import { askMirrors } from '../http/mirrored.js';
import { integrityOf } from '../integrity.js';
import { compareGo } from './compare-versions.js';
import { checksumOf } from './checksum-database.js';
import { escapedPath, escapedVersion, isAmong } from './module-path.js';

/** A Go module proxy. The checksum database says what a module's tree must be, where the machine does not do without it. */
export const go: Channel = {
  name: 'go',
  versions: async (name, platform, access) => {
    const path = `${escapedPath(name)}/@v/list`;
    const answer = await askMirrors(path, { channel: 'go', limit: MAX_LIST_BYTES }, access);
    const lines = answer?.bytes.toString('utf8').split('\n') ?? [];
    const versions = lines.map((line) => line.trim()).filter((line) => /^v[0-9]/.test(line));
    return versions.filter((one) => isOf(one, platform)).sort(compareGo);
  },
  archive: async (name, version, _platform, access) => {
    const path = `${escapedPath(name)}/@v/${escapedVersion(version)}.zip`;
    const size = await measured('go', path, access);
    if (size === undefined) throw noSuchVersion('go', name, version, []);
    const integrity = await integrityOfModule(name, version, path, access);
    return { id: `go:${name}@${version}`, channel: 'go', name, version, integrity, size, path };
  },
  fetch: download,
};

const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** Versions of Go's own toolchain end in the platform that they run on; all others run anywhere. */
function isOf(version: string, platform: Platform): boolean {
  const own = /-go[0-9][^-]*\.([a-z0-9]+-[a-z0-9]+)$/.exec(version)?.[1];
  return own === undefined || own === platform.replace('/', '-');
}

async function integrityOfModule(
  name: string,
  version: string,
  path: string,
  access: ChannelAccess,
): Promise<string> {
  const { goChecksums } = access.trust;
  if (goChecksums !== undefined && !isAmong(name, goChecksums.except)) {
    const known = await checksumOf(name, version, goChecksums, access);
    if (known !== undefined) return known;
    throw unavailable(
      `The checksum database does not know ${name} ${version}`,
      'Ask for another version, or add the module to GONOSUMDB.',
    );
  }
  const answer = await askMirrors(path, { channel: 'go', limit: MAX_ARCHIVE_BYTES }, access);
  if (answer === undefined) throw noSuchVersion('go', name, version, []);
  return integrityOf('h1', answer.bytes);
}
