import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes a file so that a reader sees the old content, the new content or no file, never half of one:
 * exclusive temporary file in the same directory, write, fsync, rename, fsync of the directory.
 */
export function commitFile(path: string, content: string | Uint8Array, mode = 0o644): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `.tmp-${randomBytes(8).toString('hex')}`);
  try {
    writeAndSync(temporary, typeof content === 'string' ? Buffer.from(content) : content, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(directory);
}

function writeAndSync(path: string, content: Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    for (let offset = 0; offset < content.byteLength;)
      offset += writeSync(file, content, offset, content.byteLength - offset);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename in the directory survive a power cut. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
