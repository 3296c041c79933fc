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
export { baseOf } from './debian/base-packages.js';
export { debianArchive } from './debian/channel.js';
export { compareDebian } from './debian/compare-versions.js';
export { findRelease } from './debian/open-release.js';
export type { DebianRelease, FoundRelease } from './debian/open-release.js';
export { RELEASES } from './debian/releases.js';
export { resolveDebian } from './debian/resolve.js';
export { compareSemver } from './npm/compare-versions.js';
