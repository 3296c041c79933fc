import type { Archive } from '../archive.js';
import type { Channel, ChannelAccess } from '../channel.js';
import { noSuchVersion } from '../failures.js';
import { download } from '../http/download.js';
import { measured } from '../http/measured.js';
import { askMirrors } from '../http/mirrored.js';
import { weakly } from '../http/weakly.js';
import { integrityOfHex } from '../integrity.js';
import { compareMaven } from './compare-versions.js';
import { coordinatesOf, fileOf, folderOf } from './coordinates.js';

/** A Maven repository. What it knows of a file stands beside it: its sha512 or sha256, for old ones only its sha1. */
export const maven: Channel = {
  name: 'maven',
  versions: (name, _platform, access) => versionsOf(name, access),
  archive: async (name, version, _platform, access) => {
    const path = fileOf(coordinatesOf(name), version);
    const archive = { id: `maven:${name}@${version}`, channel: 'maven', name, version, path };
    const integrity = await strongHash(path, access);
    if (integrity === undefined) {
      const hex = await hashBeside(path, 'sha1', access);
      if (hex === undefined)
        throw noSuchVersion('maven', name, version, await versionsOf(name, access));
      return weakly(archive, { method: 'sha1', hex }, access);
    }
    return sized({ ...archive, integrity }, access);
  },
  fetch: download,
};

const MAX_METADATA_BYTES = 8 * 1024 * 1024;
/** Some begin with a name or end with a line. */
const MAX_HASH_BYTES = 4096;

async function versionsOf(name: string, access: ChannelAccess): Promise<readonly string[]> {
  const path = `${folderOf(coordinatesOf(name))}/maven-metadata.xml`;
  const question = { channel: 'maven', limit: MAX_METADATA_BYTES };
  const answer = await askMirrors(path, question, access);
  const text = answer?.bytes.toString('utf8') ?? '';
  const versions = [...text.matchAll(/<version>\s*([A-Za-z0-9_.+-]{1,100})\s*<\/version>/g)];
  return [...new Set(versions.map(([, version = '']) => version))].sort(compareMaven);
}

async function strongHash(path: string, access: ChannelAccess): Promise<string | undefined> {
  for (const method of ['sha512', 'sha256'] as const) {
    const hex = await hashBeside(path, method, access);
    const integrity = hex === undefined ? undefined : integrityOfHex(method, hex);
    if (integrity !== undefined) return integrity;
  }
  return undefined;
}

async function hashBeside(
  path: string,
  method: string,
  access: ChannelAccess,
): Promise<string | undefined> {
  const question = { channel: 'maven', limit: MAX_HASH_BYTES };
  const answer = await askMirrors(`${path}.${method}`, question, access);
  return /(?:^|\s)([0-9a-fA-F]{40,128})(?:\s|$)/.exec(answer?.bytes.toString('latin1') ?? '')?.[1];
}

async function sized(archive: Omit<Archive, 'size'>, access: ChannelAccess): Promise<Archive> {
  const { name, version, path } = archive;
  const size = await measured('maven', path, access);
  if (size === undefined) throw noSuchVersion('maven', name, version, []);
  return { ...archive, size };
}
