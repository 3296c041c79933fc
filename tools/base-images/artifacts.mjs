import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from '../setup/command.mjs';

/**
 * @typedef {{ version: string, integrity: string }} LockedNpm integrity as npm writes it (sha512-…)
 * @typedef {{ version: string, sum: string }} LockedGo sum as go.sum writes it (h1:…)
 */

/** @returns {Promise<LockedNpm>} the newest version of the range that the registry has */
export async function newestNpm(name, range) {
  const { stdout } = await run('npm', ['view', `${name}@${range}`, 'version', '--json']);
  const versions = [JSON.parse(stdout)].flat();
  const version = versions.sort(byNumber).at(-1);
  const { stdout: integrity } = await run('npm', ['view', `${name}@${version}`, 'dist.integrity']);
  return { version, integrity: integrity.trim() };
}

const byNumber = (a, b) => {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
};

/**
 * The tarball of an npm package, checked against the lock.
 *
 * @returns {Promise<string>} path of the file in the cache
 */
export async function npmTarball(name, { version, integrity }, cache) {
  const folder = join(cache, 'npm');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${createHash('sha256').update(integrity).digest('hex')}.tgz`);
  if (matches(file, integrity)) return file;
  const temporary = mkdtempSync(join(folder, 'pack-'));
  try {
    const { stdout } = await run(
      'npm',
      ['pack', `${name}@${version}`, '--json', '--ignore-scripts', '--pack-destination', temporary],
      { cwd: temporary },
    );
    const packed = join(
      temporary,
      JSON.parse(stdout)[0].filename.replace(/^@/, '').replace('/', '-'),
    );
    if (!matches(packed, integrity))
      throw new SetupError(
        `${name}@${version} is not what the lock says: its bytes do not match ${integrity}`,
        'Do not use it. If the registry was changed on purpose, refresh the lock.',
      );
    renameSync(packed, file);
    return file;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function matches(file, integrity) {
  if (!existsSync(file)) return false;
  const [algorithm] = integrity.split('-');
  const hash = createHash(algorithm).update(readFileSync(file)).digest('base64');
  return `${algorithm}-${hash}` === integrity;
}

/**
 * A Go toolchain of the module proxy, unpacked as a module: without execute permission, go.mod files renamed.
 *
 * @returns {Promise<{ directory: string, sum: string }>}
 */
export async function goToolchain(version, cache, locked) {
  const env = {
    ...process.env,
    GOMODCACHE: join(cache, 'go'),
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    GO111MODULE: 'on',
    GOWORK: 'off',
  };
  const module = `golang.org/toolchain@v0.0.1-${version}.linux-amd64`;
  mkdirSync(cache, { recursive: true });
  const { stdout } = await run('go', ['mod', 'download', '-json', module], { env, cwd: cache });
  const { Dir: directory, Sum: sum } = JSON.parse(stdout);
  if (locked === undefined || sum === locked) return { directory, sum };
  throw new SetupError(
    `${module} is not what the lock says: ${sum} instead of ${locked}`,
    'Do not use it. If the proxy was changed on purpose, refresh the lock.',
  );
}
