import {
  count,
  flag,
  list,
  mapOf,
  oneOf,
  optional,
  struct,
  text,
  type Infer,
} from '@nx-nixpack/data';
import type { Digest, RunConfig } from '@nx-nixpack/oci';

const string = text();
const strings = list(string);
const stringMap = mapOf(string, string);

const lentSecret = struct({
  name: string,
  as: oneOf('file', 'variable'),
  /** Absent when all phases get it. */
  phases: optional(strings),
});

const devDependencies = struct({
  drop: flag,
  /** Why, for the explanation. */
  reason: string,
  /** Libraries that only the build needs, relative to /app: left out of the image when `drop` is set. */
  members: optional(strings),
});

/**
 * What the user decided about one component's image, complete: nothing is looked up later. A record of a plan holds it as it
 * is, so that a setting which is added here is in the record, and in the cache key, at once.
 */
export const lowerSettings = struct({
  toolchain: oneOf('debian', 'base', 'nix'),
  /** `uid:gid`, numbers. */
  user: string,
  /** Variables of the image. */
  env: stringMap,
  /** Variables of the build alone. */
  buildEnv: stringMap,
  /** The secrets that phases get; never their values. */
  secrets: list(lentSecret),
  /** Network access by phase name; a phase that is not named has it. */
  network: mapOf(string, flag),
  devDependencies,
  /** Whether what only the build needs stays in the image. */
  keepBuildTools: optional(flag),
  ports: list(count),
  labels: stringMap,
  /** Where the source lies below /app; '' when it stands alone. */
  sourceDirectory: string,
  /** Seconds since 1970. */
  created: count,
  /** Builds with the same scope share their cache directories. */
  cacheScope: string,
});

export type LowerSettings = Infer<typeof lowerSettings>;
export type LentSecret = Infer<typeof lentSecret>;
export type DevDependencies = Infer<typeof devDependencies>;

/** What lowering must know of a base image. */
export interface BaseFacts {
  readonly config: RunConfig;
  readonly hasBash: boolean;
  /** Contents of /etc/passwd and /etc/group; '' when absent. */
  readonly passwd: string;
  readonly group: string;
  /** Known programs on its PATH and their versions, '' for one that no file tells; absent when nobody knows. */
  readonly programs?: Readonly<Record<string, string>>;
  /** What others pull it by; absent when it is on this machine only. */
  readonly publicName?: string;
  readonly digest: Digest;
}

export interface Bases {
  readonly build: BaseFacts;
  readonly run?: BaseFacts;
}

/** The image that the last stage starts from. */
export const finalBase = (bases: Bases): BaseFacts => bases.run ?? bases.build;
