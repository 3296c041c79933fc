import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '@nx-nixpack/base';
import { parseBaseReference } from '@nx-nixpack/deployment';
import { anonymous } from '@nx-nixpack/oci';
import { LOCK_FILE } from '../lock/lock-file.js';
import { pinBase } from './pin-bases.js';

const REFERENCE = 'r.example.com/base:1';
const DIGEST = `sha256:${'1'.repeat(64)}`;
const LOCK = JSON.stringify({ images: { [REFERENCE]: { 'linux/amd64': DIGEST } } });

describe('the lock file of bases', () => {
  let root: string;
  let path: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'pins-'));
    path = join(root, LOCK_FILE);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const pinned = () =>
    pinBase(parseBaseReference(REFERENCE), {
      workspaceRoot: root,
      platform: 'linux/amd64',
      requireLock: true,
      access: { transport: { request: () => Promise.reject(new Error()) }, credentials: anonymous },
      progress: silent,
    });

  it('gives the digest, over a link too', async () => {
    writeFileSync(path, LOCK);
    await expect(pinned()).resolves.toEqual({ reference: REFERENCE, digest: DIGEST });
    rmSync(path);
    writeFileSync(join(root, 'real'), LOCK);
    symlinkSync('real', path);
    await expect(pinned()).resolves.toEqual({ reference: REFERENCE, digest: DIGEST });
  });

  it('is not needed where nothing requires it', async () => {
    await expect(pinned()).rejects.toThrow(/require_lock is set/);
  });

  it.each<[string, () => void, string]>([
    ['a directory', () => mkdirSync(path), 'is a directory'],
    ['a FIFO', () => execFileSync('mkfifo', [path]), 'is not a regular file'],
    ['a link to a device', () => symlinkSync('/dev/zero', path), 'is not a regular file'],
    ['a link to itself', () => symlinkSync(path, path), 'is a symbolic link'],
    ['far too large', () => enlarge(path), 'is larger than 4194304 bytes'],
    ['no JSON', () => writeFileSync(path, '{'), 'is not a lock file'],
    ['null', () => writeFileSync(path, 'null'), 'is not a lock file'],
    [
      'a list of digests',
      () => writeFileSync(path, LOCK.replace(`"${DIGEST}"`, `["${DIGEST}"]`)),
      'is not a lock file',
    ],
  ])('is refused when it is %s', async (_what, make, problem) => {
    make();
    await expect(pinned()).rejects.toMatchObject({
      code: 'BASE_INVALID',
      message: expect.stringContaining(problem),
      at: { file: LOCK_FILE },
    });
  });
});

function enlarge(path: string): void {
  writeFileSync(path, LOCK);
  truncateSync(path, 4 * 1024 ** 2 + 1);
}
