import { existsSync } from 'node:fs';
import { run, SetupError } from './command.mjs';

/** What the tests and the demo start, each with the reason. `program`: present in PATH by other means is as good. */
export const PACKAGES = [
  { name: 'docker-registry', program: 'docker-registry' }, // the registry that images are pushed to
  { name: 'mmdebstrap', program: 'mmdebstrap' }, // composes the base images
  { name: 'skopeo', program: 'skopeo' }, // copies a pushed image, independently of our code
  { name: 'umoci', program: 'umoci' }, // unpacks it
  { name: 'libarchive-tools', program: 'bsdtar' }, // unpacks hostile archives beside ours
  { name: 'runc', program: 'runc' }, // runs it
  { name: 'iproute2', program: 'ip' }, // loopback inside a network namespace
  { name: 'strace', program: 'strace' }, // shows that planning starts no process
  { name: 'util-linux', program: 'unshare' }, // the namespaces of the embedded engine
  { name: 'slirp4netns', program: 'slirp4netns' }, // the network of build steps
  { name: 'passt', program: 'pasta' }, // the same by another program
  { name: 'keyutils', program: 'keyctl' }, // a key for build steps to attack
  { name: 'buildah', program: 'buildah' }, // builds what leaks, to show that the search for leaks finds them
  { name: 'openssl', program: 'openssl' }, // certificates of the tests' servers
  { name: 'golang-go', program: 'go' }, // downloads the Go toolchain of a base image from the module proxy
  { name: 'default-jre-headless', program: 'java' }, // the SPDX project's validator
  { name: 'python3-venv' }, // its other one
  { name: 'git', program: 'git' },
  { name: 'ca-certificates' },
];

/** @returns {Promise<string[]>} the packages that are neither installed nor there as a program */
export async function missingPackages(packages = PACKAGES) {
  const missing = [];
  for (const { name, program } of packages) {
    if (program !== undefined && inPath(program)) continue;
    if (!(await isInstalled(name))) missing.push(name);
  }
  return missing;
}

/**
 * Installs what is missing. Does nothing when everything is there.
 *
 * @param {{ packages?: typeof PACKAGES, log?: (line: string) => void }} [options]
 */
export async function installPackages({ packages = PACKAGES, log = () => {} } = {}) {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  refuseUnlessRootOnDebian(missing);
  log(`installing ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env });
  await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], { env });
  const still = await missingPackages(packages);
  if (still.length > 0) throw new SetupError(`apt-get did not install ${still.join(', ')}`);
}

function refuseUnlessRootOnDebian(missing) {
  const list = missing.join(' ');
  if (!existsSync('/etc/debian_version'))
    throw new SetupError(
      `missing: ${list}`,
      'Install them by the means of this system; only Debian and Ubuntu are set up automatically.',
    );
  if (process.getuid?.() !== 0)
    throw new SetupError(
      `missing: ${list}`,
      `Run as root: apt-get install --no-install-recommends ${list}`,
    );
}

const SYSTEM_PATHS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

function inPath(program) {
  const directories = [...(process.env.PATH ?? '').split(':'), ...SYSTEM_PATHS];
  return directories.some((directory) => directory !== '' && existsSync(`${directory}/${program}`));
}

async function isInstalled(name) {
  const { code, stdout } = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], {
    mayFail: true,
  });
  return code === 0 && stdout === 'installed';
}
