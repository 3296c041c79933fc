import type { Platform } from '@nx-nixpack/data';
import type { Archive } from '../archive.js';
import type { Channel, ChannelAccess } from '../channel.js';
import { gone, noSuchVersion } from '../failures.js';
import { ask } from '../http/ask.js';
import { MAX_ARCHIVE_BYTES } from '../http/download.js';
import { fromMirrors } from '../http/mirrored.js';
import { integrityOfHex, verified } from '../integrity.js';
import { comparePep440 } from './compare-versions.js';
import type { ProjectFile } from './project-file.js';
import { askProject, normalized } from './project.js';
import { wheelVersion } from './wheel.js';

/** The Python package index: wheels that need no certain Python. Files that their authors withdrew are not there. */
export const pypi: Channel = {
  name: 'pypi',
  versions: async (name, platform, access) => {
    const found = await filesOf(name, access);
    return versionsOf(found?.files ?? [], platform);
  },
  archive: async (name, version, platform, access) => {
    const { files = [] } = (await filesOf(name, access)) ?? {};
    const file = files.find((one) => isUsable(one, platform) === version);
    if (file === undefined) throw noSuchVersion('pypi', name, version, versionsOf(files, platform));
    return archiveOf(name, version, file, access);
  },
  fetch,
};

const filesOf = (
  name: string,
  access: ChannelAccess,
): Promise<{ files: readonly ProjectFile[] } | undefined> =>
  fromMirrors('pypi', access, async (mirror) => {
    const files = await askProject(name, mirror, access);
    return files && { files };
  });

const versionsOf = (files: readonly ProjectFile[], platform: Platform): readonly string[] =>
  [...new Set(files.flatMap((file) => isUsable(file, platform) ?? []))].sort(comparePep440);

/** The version of a file that can be taken. */
const isUsable = ({ filename, yanked, hashes }: ProjectFile, platform: Platform) =>
  (yanked === undefined || yanked === false) && hashOf(hashes) !== undefined
    ? wheelVersion(filename, platform)
    : undefined;

const hashOf = ({ sha256 = '', sha512 = '' }: Readonly<Record<string, string>>) =>
  integrityOfHex('sha256', sha256) ?? integrityOfHex('sha512', sha512);

/** The path is the name of the file below its project: indexes keep files on hosts of their own, under names that move. */
async function archiveOf(
  name: string,
  version: string,
  { filename, hashes, url, size }: ProjectFile,
  access: ChannelAccess,
): Promise<Archive> {
  const length = size ?? (await lengthOf(new URL(url), access));
  return {
    ...{ id: `pypi:${name}@${version}`, channel: 'pypi', name, version },
    integrity: hashOf(hashes) ?? '',
    size: length,
    path: `${normalized(name)}/${filename}`,
  };
}

async function lengthOf(url: URL, access: ChannelAccess): Promise<number> {
  const question = { channel: 'pypi', url, limit: MAX_ARCHIVE_BYTES };
  const head = await ask({ ...question, head: true }, access).catch(() => undefined);
  return head?.length ?? (await ask(question, access))?.bytes.length ?? 0;
}

async function fetch(archive: Archive, access: ChannelAccess): Promise<Uint8Array> {
  const filename = archive.path.slice(archive.path.lastIndexOf('/') + 1);
  const limit = Math.min(archive.size, MAX_ARCHIVE_BYTES);
  const found = await fromMirrors('pypi', access, async (mirror) => {
    const files = await askProject(archive.name, mirror, access);
    const file = files?.find((one) => one.filename === filename);
    if (file === undefined) return undefined;
    const answer = await ask({ channel: 'pypi', url: new URL(file.url), limit }, access);
    return answer && verified(archive, answer.bytes);
  });
  if (found === undefined) throw gone(archive);
  return found;
}
