export { archive } from './archive.js';
export type { Archive } from './archive.js';
export type {
  Channel,
  ChannelAccess,
  ChannelMemory,
  ChannelTrust,
  GoChecksums,
  Mirror,
} from './channel.js';
