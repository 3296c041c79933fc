import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';

/** Without O_NONBLOCK, opening a FIFO that somebody put into the store would wait forever. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);

/** A descriptor of a regular file; undefined for anything else: nothing, a link, a FIFO, a directory. */
export function openPlainFile(path: string): number | undefined {
  const file = attemptOpen(path);
  if (file === undefined || fstatSync(file).isFile()) return file;
  closeSync(file);
  return undefined;
}

/** The text of a small regular file; undefined when there is none or it has more than `limit` bytes. */
export function readPlainText(path: string, limit: number): string | undefined {
  const file = openPlainFile(path);
  if (file === undefined) return undefined;
  try {
    const { size } = fstatSync(file);
    if (size > limit) return undefined;
    const bytes = Buffer.alloc(size);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, size, 0));
  } finally {
    closeSync(file);
  }
}

/** Renames a file to its place, whatever lies there. */
export function putInPlace(temporary: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
    rmSync(path, { recursive: true, force: true });
  renameSync(temporary, path);
}

function attemptOpen(path: string): number | undefined {
  try {
    return openSync(path, OPEN_FLAGS);
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
