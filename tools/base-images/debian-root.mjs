import { linkSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/command.mjs';

/** Any fixed time: maintainer scripts write it where they would write today (2025-01-01). */
const EPOCH = '1735689600';

const EXCLUDED = [
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/share/lintian/*',
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright', // licenses stay: they are what an SBOM reads
];

const MERGED_USR = '/usr/share/mmdebstrap/hooks/merged-usr';

/**
 * A root of exactly these packages, installed by mmdebstrap from a repository that holds nothing else.
 *
 * @param {readonly import('./apt-view.mjs').LockedPackage[]} packages
 * @param {{ debs: string, root: string, scratch: string }} where debs: files named by hash; root: must not exist yet
 */
export async function makeRoot(packages, { debs, root, scratch }) {
  const repository = join(scratch, 'repository');
  await writeRepository(packages, debs, repository);
  await run(
    'mmdebstrap',
    [
      '--mode=root',
      '--variant=custom',
      '--format=directory',
      `--include=${packages.map(({ name }) => name).join(',')}`,
      `--hook-dir=${MERGED_USR}`,
      ...EXCLUDED.map((option) => `--dpkgopt=${option}`),
      '', // any suite: the repository is flat
      root,
      `deb [trusted=yes] copy://${repository}/ ./`,
    ],
    { env: { ...cleanEnvironment(), TMPDIR: scratch, SOURCE_DATE_EPOCH: EPOCH } },
  );
  rmSync(repository, { recursive: true });
  cleanRoot(root);
}

/** Installs further packages into a root, in the order of the list, with the network cut. */
export async function extendRoot(packages, { debs, root }) {
  const inside = 'tmp/debs';
  mkdirSync(join(root, inside), { recursive: true });
  const files = packages.map(({ sha256 }, index) => {
    const file = `${inside}/${String(index).padStart(4, '0')}.deb`;
    linkOrCopy(join(debs, `${sha256}.deb`), join(root, file));
    return `/${file}`;
  });
  const script = `
    mount -t proc proc "$1/proc"
    mount -t tmpfs -o mode=755 dev "$1/dev"
    for device in null zero full random urandom; do
      : > "$1/dev/$device"; mount --bind "/dev/$device" "$1/dev/$device"
    done
    ln -s /proc/self/fd "$1/dev/fd"
    root=$1; shift
    exec chroot "$root" dpkg --force-depends --force-unsafe-io --install "$@"`;
  await run(
    'unshare',
    [
      '--mount',
      '--pid',
      '--net',
      '--ipc',
      '--uts',
      '--fork',
      '--kill-child',
      '--propagation',
      'private',
    ]
      .concat(['sh', '-ec', script, 'sh', root])
      .concat(files),
    { env: { ...cleanEnvironment(), SOURCE_DATE_EPOCH: EPOCH, DEBIAN_FRONTEND: 'noninteractive' } },
  );
  rmSync(join(root, inside), { recursive: true });
  cleanRoot(root);
}

const cleanEnvironment = () => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
});

/** A flat repository: the packages' own control fields with size and hash. Names without escapes, apt decodes them. */
async function writeRepository(packages, debs, repository) {
  mkdirSync(repository, { recursive: true });
  const stanzas = [];
  for (const { sha256, size } of packages) {
    const source = join(debs, `${sha256}.deb`);
    linkOrCopy(source, join(repository, `${sha256}.deb`));
    const { stdout } = await run('dpkg-deb', ['--field', source]);
    stanzas.push(
      `${stdout.trimEnd()}\nFilename: ./${sha256}.deb\nSize: ${size}\nSHA256: ${sha256}\n`,
    );
  }
  writeFileSync(join(repository, 'Packages'), stanzas.join('\n'));
}

function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // another file system
  }
}

/** What depends on the machine, the hour or the way the root was made, and nobody needs. */
const VOLATILE = [
  'etc/.pwd.lock',
  'etc/apt/apt.conf.d/00mmdebstrap',
  'etc/apt/apt.conf.d/99mmdebstrap',
  'etc/apt/sources.list',
  'etc/hostname',
  'etc/machine-id',
  'etc/resolv.conf',
  'var/cache/apt/archives',
  'var/cache/ldconfig/aux-cache',
  'var/lib/apt/lists',
  'var/lib/dpkg/lock',
  'var/lib/dpkg/lock-frontend',
  'var/lib/dpkg/triggers/Lock',
];

/** Directories whose files go, while the directories stay (a server may want its own below /var/log). */
const EMPTIED = ['dev', 'proc', 'run', 'sys', 'tmp', 'var/tmp', 'var/log'];

/** Nothing is mounted below the root any more: the namespaces of mmdebstrap and of extendRoot are gone. */
function cleanRoot(root) {
  for (const path of VOLATILE) rmSync(join(root, path), { recursive: true, force: true });
  for (const path of EMPTIED) removeFiles(join(root, path));
  for (const path of ['var/lib/dpkg', 'var/cache/debconf'])
    for (const name of readdirSync(join(root, path)))
      if (name.endsWith('-old')) rmSync(join(root, path, name));
}

function removeFiles(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) removeFiles(path);
    else rmSync(path);
  }
}
