import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderProblem, openPlainFile, readPlainFile } from './plain-file.js';

describe('readPlainFile', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'plain-'));
    path = join(directory, 'file');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('reads a regular file up to the limit', () => {
    writeFileSync(path, 'content');
    expect(String(readPlainFile(path, 7))).toBe('content');
    expect(readPlainFile(path, 6)).toEqual({
      missing: false,
      problem: 'is larger than 6 bytes (7)',
    });
    writeFileSync(path, '');
    expect(readPlainFile(path, 7)).toEqual(Buffer.alloc(0));
  });

  it.each<[string, () => void, string]>([
    ['nothing', () => undefined, 'is missing'],
    ['a directory', () => mkdirSync(path), 'is a directory'],
    ['a FIFO', () => execFileSync('mkfifo', [path]), 'is not a regular file'],
    ['a device', () => symlinkSync('/dev/null', path), 'is a symbolic link'],
  ])('names %s and leaves it alone', (_what, make, problem) => {
    make();
    expect(readPlainFile(path, 10)).toMatchObject({ problem });
  });

  it('names a socket', async () => {
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    expect(readPlainFile(path, 10)).toMatchObject({ problem: 'is not a regular file' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('follows a link only when it is told to, and to a regular file only', () => {
    writeFileSync(join(directory, 'real'), 'x');
    symlinkSync('real', path);
    expect(readPlainFile(path, 10)).toMatchObject({ problem: 'is a symbolic link' });
    expect(String(readPlainFile(path, 10, { follow: true }))).toBe('x');
    rmSync(path);
    symlinkSync('/dev/zero', path);
    expect(readPlainFile(path, 10, { follow: true })).toMatchObject({
      problem: 'is not a regular file',
    });
  });

  it('says when the way there is no directory', () => {
    writeFileSync(path, '');
    expect(readPlainFile(join(path, 'x'), 10)).toMatchObject({
      problem: 'lies below something that is not a directory',
    });
  });

  it('says of a folder that it is a link, a file or missing', () => {
    expect(folderProblem(directory)).toBeUndefined();
    expect(folderProblem(path)).toMatchObject({ missing: true });
    symlinkSync(directory, path);
    expect(folderProblem(path)).toMatchObject({ problem: 'is a symbolic link' });
    expect(folderProblem(__filename)).toMatchObject({ problem: 'is not a directory' });
    expect(folderProblem(join(__filename, 'x', 'y'))).toMatchObject({
      missing: false,
      problem: 'lies below something that is not a directory',
    });
  });

  it('opens nothing that it does not give to the caller', () => {
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    mkdirSync(path);
    openPlainFile(path);
    readPlainFile(join(directory, 'none'), 1);
    expect(open()).toBe(before);
    const opened = openPlainFile(__filename);
    expect(open()).toBe(before + 1);
    if ('file' in opened) closeSync(opened.file);
  });
});
