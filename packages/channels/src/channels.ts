import type { Channel } from './channel.js';
import { debian } from './debian/channel.js';
import { go } from './go/channel.js';
import { maven } from './maven/channel.js';
import { npm } from './npm/channel.js';
import { pypi } from './pypi/channel.js';
import { unavailable, shown } from './failures.js';

/** Every kind of registry that programs come from. */
export const CHANNELS: readonly Channel[] = [debian, npm, pypi, go, maven];

/** The channel of a name. Throws UserError TOOLCHAIN_UNAVAILABLE: locks and plans may come from a newer version. */
export function findChannel(name: string, channels: readonly Channel[] = CHANNELS): Channel {
  const found = channels.find((channel) => channel.name === name);
  if (found !== undefined) return found;
  const known = channels.map((channel) => channel.name).join(', ');
  throw unavailable(`There is no channel ${shown(name)}`, `Use one of: ${known}.`);
}
