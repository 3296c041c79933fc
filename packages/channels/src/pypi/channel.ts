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
import { askProject, fileQuestion, normalized, type Project } from './project.js';
import { wheelVersion } from './wheel.js';

/** The Python package index: wheels that need no certain Python. Files that their authors withdrew are not there. */
export const pypi: Channel = {
  name: 'pypi',
  versions: async (name, platform, access) => {
    const found = await projectOf(name, access);
    return versionsOf(found?.files ?? [], platform);
  },
  archive: async (name, version, platform, access) => {
    const project = await projectOf(name, access);
    const { files = [] } = project ?? {};
    const file = files.find((one) => isUsable(one, platform) === version);
    if (project === undefined || file === undefined)
      throw noSuchVersion('pypi', name, version, versionsOf(files, platform));
    const length = file.size ?? (await lengthOf(project, file, access));
    return archiveOf(name, version, file, length);
  },
  fetch,
};

const projectOf = (name: string, access: ChannelAccess): Promise<Project | undefined> =>
  fromMirrors('pypi', access, (mirror) => askProject(name, mirror, access));

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
function archiveOf(
  name: string,
  version: string,
  { filename, hashes }: ProjectFile,
  size: number,
): Archive {
  return {
    ...{ id: `pypi:${name}@${version}`, channel: 'pypi', name, version },
    integrity: hashOf(hashes) ?? '',
    size,
    path: `${normalized(name)}/${filename}`,
  };
}

async function lengthOf(
  project: Project,
  file: ProjectFile,
  access: ChannelAccess,
): Promise<number> {
  const question = fileQuestion(project, file, MAX_ARCHIVE_BYTES);
  const head = await ask({ ...question, head: true }, access).catch(() => undefined);
  return head?.length ?? (await ask(question, access))?.bytes.length ?? 0;
}

async function fetch(archive: Archive, access: ChannelAccess): Promise<Uint8Array> {
  const filename = archive.path.slice(archive.path.lastIndexOf('/') + 1);
  const limit = Math.min(archive.size, MAX_ARCHIVE_BYTES);
  const found = await fromMirrors('pypi', access, async (mirror) => {
    const project = await askProject(archive.name, mirror, access);
    const file = project?.files.find((one) => one.filename === filename);
    if (project === undefined || file === undefined) return undefined;
    const answer = await ask(fileQuestion(project, file, limit), access);
    return answer && verified(archive, answer.bytes);
  });
  if (found === undefined) throw gone(archive);
  return found;
}
