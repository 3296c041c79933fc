import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText } from '@nx-nixpack/base';
import { execaRunner } from '../../../../../sdk/src/system/execa-runner.js';
import { readCapabilities } from './capabilities.js';
import { diskPath } from './disk.js';
import { temporaryTree } from './disk-tree-fixture.contract.js';

describe('readCapabilities', () => {
  const tree = temporaryTree({
    plain: 'plain',
    capable: 'capable',
    mentions: 'SCHILY.xattr.security.capability',
  });
  const scratch = mkdtempSync(join(tmpdir(), 'engine-capabilities-'));
  const read = (...paths: string[]) =>
    readCapabilities({ runner: execaRunner, scratch }, diskPath(tree.root), paths.map(encodeText));
  beforeAll(() => {
    chmodSync(join(tree.root, 'capable'), 0o755);
    spawnSync('setcap', ['cap_net_raw+ep', join(tree.root, 'capable')]);
  });
  afterAll(() => {
    expect(readdirSync(scratch)).toEqual([]);
    rmSync(scratch, { recursive: true });
    tree.remove();
  });

  it('answers those that have some, and nothing for content that looks like it', async () => {
    expect([...(await read('plain', 'capable', 'mentions')).keys()]).toEqual(['capable']);
    expect((await read('plain')).size).toBe(0);
    expect((await read('mentions')).size).toBe(0);
  });

  // A path that is not there stands for one that cannot be read: tar fails alike.
  it.each([['plain'], ['capable']])('throws when tar fails after %s', async (path) => {
    await expect(read(path, 'absent')).rejects.toThrow('absent: Cannot stat');
  });
});
