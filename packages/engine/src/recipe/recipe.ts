import type { RunConfig } from '@nx-nixpack/oci';

export type StageName = 'toolchain' | 'build' | 'image';
/** Neighboring steps of one name become one layer. */
export type LayerName = 'base' | 'toolchain' | 'dependencies' | 'application';
export type SecretName = string;

/** Which image a stage starts from: `build` or `run` of BuildRequest.bases. */
export type BaseName = 'build' | 'run';

/** A directory of the build that survives between builds and is never in the image. */
export interface CacheMount {
  /** Absolute path in the build's root. */
  readonly target: string;
  /** Stable name of the cache's content, shared by builds that may share it. */
  readonly id: string;
}

/** A file that a channel ships, as steps refer to it: `archives` of a build's request says where its bytes are. */
export interface ArchiveUse {
  readonly id: string;
  /** What decides the step; where the archive was fetched from does not. */
  readonly integrity: string;
}

/** An archive that a command may read. */
export interface LentArchive extends ArchiveUse {
  /** Its name below /run/archives. */
  readonly file: string;
}

export type ArchiveFormat = 'tar.gz' | 'tar.xz' | 'zip' | 'deb';

/** One instruction. Paths in the image are absolute; `paths` are relative to what is copied from. */
export type Step =
  | {
      readonly kind: 'copy';
      readonly layer: LayerName;
      /** The build's source, or the file system that another stage ended with. */
      readonly from: 'source' | StageName;
      /**
       * '.' is everything. Relative to the source, or to the root of the stage (no leading slash). Absent ones are
       * skipped. `DIRECTORY/**\/NAME` is every topmost directory of that name at any depth below DIRECTORY.
       */
      readonly paths: readonly string[];
      /** Paths below `paths` that are left out; `**\/NAME` leaves out every directory of that name. */
      readonly except?: readonly string[];
      /** The directory below which the paths keep their places, e.g. `/app`. */
      readonly to: string;
    }
  | {
      /** Makes sure that a directory is there and has this mode. */
      readonly kind: 'directory';
      readonly layer: LayerName;
      readonly path: string;
      readonly mode: number;
    }
  | {
      readonly kind: 'write';
      readonly layer: LayerName;
      readonly path: string;
      readonly content: Uint8Array;
      readonly mode: number;
    }
  | {
      /**
       * Archives unpacked over each other, by us: no program of the image is needed, none runs. Links and files that leave the
       * archive's own place, devices and bombs are refused. Debian's packages keep owners and modes; of others root owns all,
       * and what is executable for its owner is for all.
       */
      readonly kind: 'unpack';
      readonly layer: LayerName;
      readonly archives: readonly ArchiveUse[];
      readonly format: ArchiveFormat;
      /**
       * Only what is below this path of the archive, without it; `*` is the first directory of each path, whatever it is
       * called, as npm reads archives. Default: everything.
       */
      readonly from?: string;
      /** The directory that it is put into. */
      readonly to: string;
      /** Paths below `from` that are left out; `**\/NAME` leaves out everything of that name. */
      readonly except?: readonly string[];
      /** Paths below `from`, files or directories of files, that become executable: some channels ship no modes. */
      readonly executable?: readonly string[];
      /** Names that files have in the archive, and those that they get: `_go.mod` becomes `go.mod`. */
      readonly rename?: Readonly<Record<string, string>>;
      /** Symbolic links that are made first: absolute paths, and their targets as they are written. */
      readonly links?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'run';
      readonly layer: LayerName;
      /** A line for the recipe's interpreter. It runs as root, with umask 022. */
      readonly command: string;
      readonly workdir: string;
      /** Its whole environment, but for what is lent: secrets over it, what the host lends below it. */
      readonly env: Readonly<Record<string, string>>;
      readonly network: boolean;
      readonly caches: readonly CacheMount[];
      /** Lent as files /run/secrets/<name>. */
      readonly secrets: readonly SecretName[];
      /** Lent as variables of the command, over those of `env`; absent for none. */
      readonly secretVariables?: readonly SecretName[];
      /** Lent read-only as files /run/archives/<file>; absent for none. */
      readonly archives?: readonly LentArchive[];
      /** Shown to the user and used in messages, e.g. `install`. */
      readonly phase: string;
    };

export interface Stage {
  readonly name: StageName;
  readonly base: { readonly image: BaseName } | { readonly stage: StageName };
  readonly steps: readonly Step[];
}

/** Ids that entries at and below some paths get when layers are packed. */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  /** Absolute paths, e.g. /app. */
  readonly paths: readonly string[];
}

/** What engines execute, for one platform. Made from a plan once, in lower.ts. The last stage becomes the image. */
export interface Recipe {
  readonly stages: readonly Stage[];
  readonly config: RunConfig;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownership: Ownership;
  /** Program and arguments that the command of a `run` step is added to. A program of the image. */
  readonly interpreter: readonly string[];
  /** Seconds since 1970: mtime of every entry, creation time of the image. */
  readonly created: number;
  /** What a command that is not found (exit 127) needed: program or package names the plan had named, for messages. */
  readonly expected: readonly string[];
  /** What brings a program that a command does not find, for messages; absent where only another base does. */
  readonly bringsMissing?: string;
}
