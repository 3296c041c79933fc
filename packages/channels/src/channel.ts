import type { HttpTransport } from '@nx-nixpack/base';
import type { Platform } from '@nx-nixpack/data';
import type { Archive } from './archive.js';

/** What a channel may use of the machine: its network, the mirrors that it is configured with, and a place to remember. */
export interface ChannelAccess {
  readonly transport: HttpTransport;
  /** Where the channel of a name is served; several are tried in their order. */
  readonly mirrors: Readonly<Record<string, readonly Mirror[]>>;
  readonly trust: ChannelTrust;
  readonly memory: ChannelMemory;
  readonly signal?: AbortSignal;
}

/** One server of a channel. */
export interface Mirror {
  /** Ends in a slash. */
  readonly url: string;
  /** What lets the next one be tried: any failure, or only that this one does not have it (the `,` of GOPROXY). */
  readonly next: 'any' | 'missing';
  /** Whose word counts here, where it is not that of the channel's `trust`: a keyring for one source is none for the others. */
  readonly keys?: readonly Uint8Array[];
}

/** Whom the machine trusts to say what a channel's archives are, where the channel has somebody for it. */
export interface ChannelTrust {
  /** OpenPGP keyrings that Debian's releases are signed with, armored or not. */
  readonly debianKeys: readonly Uint8Array[];
  /** False where the machine's apt takes expired release files too, as frozen mirrors have them. */
  readonly debianExpiry: boolean;
  /** Go's checksum database; absent where the machine does without. */
  readonly goChecksums?: GoChecksums;
}

export interface GoChecksums {
  /** `<name>+<hash>+<key>` as GOSUMDB has it. */
  readonly verifier: string;
  /** Where it answers when no mirror passes questions on, ending in a slash. */
  readonly url: string;
  /** Globs of module path prefixes that it is not asked about: GONOSUMDB, GOPRIVATE. */
  readonly except: readonly string[];
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
