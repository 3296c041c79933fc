import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';

/** Why a path cannot be read, as the end of a sentence that begins with it. */
export interface Unreadable {
  readonly missing: boolean;
  readonly problem: string;
}

export interface OpenedFile {
  /** Descriptor, to be closed by the caller. */
  readonly file: number;
  /** In bytes. */
  readonly size: number;
}

export interface PlainFileOptions {
  /** Open what a symbolic link leads to. Default: a link is refused. */
  readonly follow?: boolean;
}

/** Opening a FIFO would wait for a writer, and a terminal would become ours. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Opens a path that may be anything, because others wrote there: only a regular file is opened, whatever else lies there
 * is named at once and left alone.
 */
export function openPlainFile(
  path: string,
  { follow = false }: PlainFileOptions = {},
): OpenedFile | Unreadable {
  let file: number;
  try {
    file = openSync(path, follow ? FLAGS : FLAGS | constants.O_NOFOLLOW);
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  }
  const stat = fstatSync(file);
  if (stat.isFile()) return { file, size: stat.size };
  closeSync(file);
  return problem(stat.isDirectory() ? 'is a directory' : 'is not a regular file');
}

/** The whole content of a regular file of at most `limit` bytes. */
export function readPlainFile(
  path: string,
  limit: number,
  options?: PlainFileOptions,
): Buffer | Unreadable {
  const opened = openPlainFile(path, options);
  if ('problem' in opened) return opened;
  try {
    if (opened.size > limit) return problem(`is larger than ${limit} bytes (${opened.size})`);
    return readOpened(opened);
  } finally {
    closeSync(opened.file);
  }
}

/** What is wrong with a path that should be a folder itself, not a link to one; undefined when it is. */
export function folderProblem(path: string): Unreadable | undefined {
  try {
    const stat = lstatSync(path);
    if (stat.isDirectory()) return undefined;
    return problem(stat.isSymbolicLink() ? 'is a symbolic link' : 'is not a directory');
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  }
}

/** The bytes of an opened file, as many as it had then. */
export function readOpened({ file, size }: OpenedFile): Buffer | Unreadable {
  const bytes = Buffer.alloc(size);
  for (let offset = 0; offset < size;) {
    const count = readSync(file, bytes, offset, size - offset, offset);
    if (count === 0) return problem('became shorter while it was read');
    offset += count;
  }
  return bytes;
}

const problem = (text: string): Unreadable => ({ missing: false, problem: text });

const REASONS: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link',
  ENXIO: 'is not a regular file',
  ENOTDIR: 'lies below something that is not a directory',
};

function unreadable({ code = '' }: NodeJS.ErrnoException): Unreadable {
  if (code === 'ENOENT') return { missing: true, problem: 'is missing' };
  return problem(REASONS[code] ?? `cannot be opened (${code})`);
}
