import { createHash } from 'node:crypto';
import type { Archive } from '../archive.js';
import type { ChannelAccess } from '../channel.js';
import { invalid, noSuchVersion } from '../failures.js';
import { integrityOf } from '../integrity.js';
import { MAX_ARCHIVE_BYTES } from './download.js';
import { askMirrors } from './mirrored.js';

export interface WeakHash {
  readonly method: 'sha1' | 'md5';
  readonly hex: string;
}

/**
 * An archive whose channel knows only a hash that anybody can forge: it is fetched once, compared with that, and described by
 * our own sha256, which a lock keeps from then on.
 */
export async function weakly(
  archive: Omit<Archive, 'integrity' | 'size'>,
  { method, hex }: WeakHash,
  access: ChannelAccess,
): Promise<Archive> {
  const { channel, name, version, path, id } = archive;
  const answer = await askMirrors(path, { channel, limit: MAX_ARCHIVE_BYTES }, access);
  if (answer === undefined) throw noSuchVersion(channel, name, version, []);
  const found = createHash(method).update(answer.bytes).digest('hex');
  if (found !== hex.toLowerCase()) throw invalid(`${id} has the ${method} ${found}, not ${hex}`);
  return { ...archive, integrity: integrityOf('sha256', answer.bytes), size: answer.bytes.length };
}
