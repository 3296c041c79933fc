import type { Digest, RunConfig } from '@nx-nixpack/oci';

/** What the user decided about one component's image, complete: nothing is looked up later. */
export interface LowerSettings {
  readonly toolchain: 'nix' | 'base';
  /** `uid:gid`, numbers. */
  readonly user: string;
  /** Variables of the image. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the build alone. */
  readonly buildEnv: Readonly<Record<string, string>>;
  /** The secrets that phases get; never their values. */
  readonly secrets: readonly LentSecret[];
  /** Network access by phase name; a phase that is not named has it. */
  readonly network: Readonly<Record<string, boolean>>;
  readonly devDependencies: DevDependencies;
  readonly ports: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  /** Where the source lies below /app; '' when it stands alone. */
  readonly sourceDirectory: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Builds with the same scope share their cache directories. */
  readonly cacheScope: string;
}

export interface LentSecret {
  readonly name: string;
  readonly as: 'file' | 'variable';
  /** Absent when all phases get it. */
  readonly phases?: readonly string[];
}

export interface DevDependencies {
  readonly drop: boolean;
  /** Why, for the explanation. */
  readonly reason: string;
  /** Libraries that only the build needs, relative to /app: left out of the image when `drop` is set. */
  readonly members?: readonly string[];
}

/** What lowering must know of a base image. */
export interface BaseFacts {
  readonly config: RunConfig;
  readonly hasBash: boolean;
  /** Contents of /etc/passwd and /etc/group; '' when absent. */
  readonly passwd: string;
  readonly group: string;
  /** How the user named the image. */
  readonly reference?: string;
  readonly digest: Digest;
}

export interface Bases {
  readonly build: BaseFacts;
  readonly run?: BaseFacts;
}

/** The image that the last stage starts from. */
export const finalBase = (bases: Bases): BaseFacts => bases.run ?? bases.build;
