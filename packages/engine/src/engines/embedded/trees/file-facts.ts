import { constants, type Stats } from 'node:fs';

/** What a layer says of a file. The system's own answer takes four times the memory, and a layer has many files. */
export interface FileFacts {
  /** Type and permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly nlink: number;
  readonly ino: number;
  readonly rdev: number;
}

export const factsOf = ({ mode, uid, gid, size, nlink, ino, rdev }: Stats): FileFacts => ({
  mode,
  uid,
  gid,
  size,
  nlink,
  ino,
  rdev,
});

export const isExecutable = ({ mode }: FileFacts): boolean =>
  (mode & constants.S_IFMT) === constants.S_IFREG && (mode & 0o111) !== 0;
