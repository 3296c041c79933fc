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
export { CHANNELS, findChannel } from './channels.js';
export { baseOf } from './debian/base-packages.js';
export { readArchiveId } from './archive-id.js';
export { answers } from './http/answers.js';
export { zipContent, ZipFault, zipMembers } from './zip/members.js';
export type { ZipMember } from './zip/members.js';
export { zipFiles } from './zip/zip-files.js';
export { debianArchive } from './debian/channel.js';
export { compareDebian } from './debian/compare-versions.js';
export { findRelease } from './debian/open-release.js';
export type { DebianRelease, FoundRelease } from './debian/open-release.js';
export { reducedStatus } from './debian/reduced.js';
export { RELEASES, TESTING } from './debian/releases.js';
export { resolveDebian } from './debian/resolve.js';
export { integrityOf, isIntegrity, verified } from './integrity.js';
export { compareMaven } from './maven/compare-versions.js';
export { compareSemver } from './npm/compare-versions.js';
export { comparePep440 } from './pypi/compare-versions.js';
