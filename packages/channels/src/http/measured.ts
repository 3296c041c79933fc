import type { ChannelAccess } from '../channel.js';
import { askMirrors } from './mirrored.js';
import { MAX_ARCHIVE_BYTES } from './download.js';

/** Bytes of a file, as its server says before it sends them, or counted; undefined when no mirror has it. */
export async function measured(
  channel: string,
  path: string,
  access: ChannelAccess,
): Promise<number | undefined> {
  const head = await askMirrors(path, { channel, limit: 0, head: true }, access).catch(notSaid);
  if (head?.length !== undefined) return head.length;
  const whole = await askMirrors(path, { channel, limit: MAX_ARCHIVE_BYTES }, access);
  return whole?.bytes.length;
}

/** A server may know no HEAD. */
const notSaid = (): undefined => undefined;
