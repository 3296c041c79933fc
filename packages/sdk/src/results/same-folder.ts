import { closeSync, lstatSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openPlainFile } from '@nx-nixpack/base';

const CHUNK = 1024 * 1024;

/** Whether two folders hold the same names with the same bytes, in regular files and folders alone. Never throws for what lies there. */
export function sameFolder(a: string, b: string): boolean {
  if (!isFolder(a) || !isFolder(b)) return false;
  const [names, others] = [namesIn(a), namesIn(b)];
  return (
    names.length === others.length &&
    names.every((name, at) => name === others[at] && sameEntry(join(a, name), join(b, name)))
  );
}

const sameEntry = (a: string, b: string): boolean =>
  isFolder(a) ? sameFolder(a, b) : sameFile(a, b);

const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // another process took it away
  }
}

function sameFile(a: string, b: string): boolean {
  const one = openPlainFile(a);
  const other = openPlainFile(b);
  try {
    return !('problem' in one) && !('problem' in other) && sameContent(one, other);
  } finally {
    for (const opened of [one, other]) if ('file' in opened) closeSync(opened.file);
  }
}

type Opened = Extract<ReturnType<typeof openPlainFile>, { file: number }>;

function sameContent(one: Opened, other: Opened): boolean {
  if (one.size !== other.size) return false;
  for (let offset = 0; offset < one.size; offset += CHUNK)
    if (!chunkAt(one, offset).equals(chunkAt(other, offset))) return false;
  return true;
}

function chunkAt({ file }: Opened, offset: number): Buffer {
  const chunk = Buffer.alloc(CHUNK);
  return chunk.subarray(0, readSync(file, chunk, 0, CHUNK, offset));
}
