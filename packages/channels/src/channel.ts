import type { HttpTransport } from '@nx-nixpack/base';
import type { Platform } from '@nx-nixpack/data';
import type { Archive } from './archive.js';

/** What a channel may use of the machine: its network, the mirrors that it is configured with, and a place to remember. */
export interface ChannelAccess {
  readonly transport: HttpTransport;
  /** Where the channel of a name is served, ending in a slash; several are tried in their order. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  readonly memory: ChannelMemory;
  readonly signal?: AbortSignal;
}

/** What was fetched before, by a name that says what it must be; it may forget anything at any time. */
export interface ChannelMemory {
  read(name: string): Uint8Array | undefined;
  write(name: string, content: Uint8Array): void;
}

/** One kind of registry that programs come from. */
export interface Channel {
  readonly name: string;
  /** Every version that can be had of a name, oldest first; empty when there is none. */
  versions(name: string, platform: Platform, access: ChannelAccess): Promise<readonly string[]>;
  /** The archive of a version. Throws UserError TOOLCHAIN_UNAVAILABLE when there is none. */
  archive(
    name: string,
    version: string,
    platform: Platform,
    access: ChannelAccess,
  ): Promise<Archive>;
  /** The archive's bytes, whole and verified. Throws UserError ARCHIVE_GONE, ARCHIVE_INVALID. */
  fetch(archive: Archive, access: ChannelAccess): Promise<Uint8Array>;
}
