import type { FileTree } from '@nx-nixpack/base';
import type { StartOutcome } from '@nx-nixpack/engine';
import type { SmokeSettingsRecord } from '../records/smoke-settings.js';

/** One start of an image: what was to be seen, and what was seen. */
export interface Trial {
  readonly settings: Omit<SmokeSettingsRecord, 'planDigest'>;
  /** The line that was started. */
  readonly command: string;
  /** Ports on one of which it should listen; none: nobody said one. */
  readonly ports: readonly number[];
  /** Variables of the image. */
  readonly env: ReadonlyMap<string, string>;
  /** Names of the variables that the user set, for the build or the image. */
  readonly chosen: ReadonlySet<string>;
  readonly toolchain: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly source: SourceFiles;
  readonly outcome: StartOutcome;
}

/** The files of the source that was built; paths are relative to the directory that is planned. */
export interface SourceFiles {
  readonly tree: FileTree;
  /** Of the planned directory in the tree; '' when it is the tree. */
  readonly directory: string;
}

/** What the program printed, as one text. */
export const outputOf = ({ outcome }: Trial): string => outcome.lines.join('\n');

/** Addresses that nobody outside of a container reaches. */
export const isLoopbackAddress = (address: string): boolean =>
  address === '127.0.0.1' || address === '::1';
