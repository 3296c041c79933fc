import type { Archive } from '../archive.js';
import type { ChannelAccess } from '../channel.js';
import { gone } from '../failures.js';
import { verified } from '../integrity.js';
import { ask } from './ask.js';
import { below, fromMirrors } from './mirrored.js';

/** No single archive of a toolchain is larger: the largest that are known have a third of it. */
export const MAX_ARCHIVE_BYTES = 2 ** 30;

/**
 * An archive from the first mirror that has it as it should be. A mirror with another content is as good as one without.
 * Throws UserError ARCHIVE_GONE, ARCHIVE_INVALID, CHANNEL_UNREACHABLE.
 */
export async function download(archive: Archive, access: ChannelAccess): Promise<Uint8Array> {
  const { channel, path, size } = archive;
  const question = { channel, limit: Math.min(size, MAX_ARCHIVE_BYTES) };
  const found = await fromMirrors(channel, access, async (mirror) => {
    const answer = await ask({ ...question, url: below(mirror, path) }, access);
    return answer && verified(archive, answer.bytes);
  });
  if (found === undefined) throw gone(archive);
  return found;
}
