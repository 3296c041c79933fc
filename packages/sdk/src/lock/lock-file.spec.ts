import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCK_FILE, readLock } from './lock-file.js';

const directory = mkdtempSync(join(tmpdir(), 'lock-'));
afterAll(() => rmSync(directory, { recursive: true }));

function read(release: string, version: string): unknown {
  const runtime = { name: 'python', version, wanted: '', archives: [], env: {} };
  const toolchain = {
    request: `sha256:${'0'.repeat(64)}`,
    ...{ release, run: [], build: [], runtimes: [runtime] },
  };
  const toolchains = { 'shop/nixpack/api': { 'linux/amd64': toolchain } };
  writeFileSync(join(directory, LOCK_FILE), JSON.stringify({ version: 1, toolchains }));
  return readLock(directory);
}

it('holds versions and names of releases, and nothing that a command would be', () => {
  expect(() => read('trixie', '1:3.12.1~rc1+b2-1')).not.toThrow();
  for (const version of ['3; id', '3/../..', '3\n4', '$(id)', ''])
    expect(() => read('trixie', version)).toThrow(/not a lock file/);
  for (const release of ['../trixie', 'trixie main', ''])
    expect(() => read(release, '3')).toThrow(/not a lock file/);
});
