import type { Archive } from '@nx-nixpack/channels';
import type { LayerName, LentArchive, Step } from '../../recipe/recipe.js';
import { TIDY } from './tidy.js';

type RunStep = Extract<Step, { kind: 'run' }>;

/** The environment of what runs in the image while it has nothing of a plan yet. */
export const QUIET: Readonly<Record<string, string>> = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBCONF_NONINTERACTIVE_SEEN: 'true',
  HOME: '/root',
  LC_ALL: 'C.UTF-8',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  SOURCE_DATE_EPOCH: '0',
  TZ: 'UTC',
};

export interface InstallOptions {
  /** Default: `toolchain`. */
  readonly layer?: LayerName;
  /** Whether some are newer versions of what is there, which may break for a moment what is renewed after them. */
  readonly isRenewing?: boolean;
}

/**
 * Installs Debian's packages in their order, offline. dpkg alone does it: which packages, and in which order, was decided when
 * they were resolved. Services are not started, and what differs from run to run is taken away.
 */
export function installPackages(
  packages: readonly Archive[],
  what: string,
  { layer = 'toolchain', isRenewing = false }: InstallOptions = {},
): RunStep {
  return {
    kind: 'run',
    layer,
    command: [NO_SERVICES, isRenewing ? RENEW : INSTALL, SERVICES_AGAIN, TIDY].join('\n'),
    workdir: '/',
    env: QUIET,
    network: false,
    caches: [],
    secrets: [],
    archives: packages.map(lent),
    phase: what,
  };
}

/** Sorted names are the order of installation. */
const lent = ({ id, integrity, name }: Archive, index: number): LentArchive => ({
  id,
  integrity,
  file: `${String(index).padStart(4, '0')}-${name.replaceAll(/[^a-z0-9+.-]/g, '-')}.deb`,
});

/** invoke-rc.d(8) asks this program whether a service may be started. */
const POLICY = '/usr/sbin/policy-rc.d';
/** Some packages make links among manual pages, though those are left out, and fail without their directories. */
const NO_SERVICES = `set -e
mkdir -p /usr/share/man/man{1,2,3,4,5,6,7,8}
printf '#!/bin/sh\\nexit 101\\n' > ${POLICY}
chmod 755 ${POLICY}`;
const SERVICES_AGAIN = `rm ${POLICY}`;

/** All are there when the first is set up, so that a circle of dependencies has no beginning that fails. */
const OPTIONS = [
  '--force-depends',
  '--force-unsafe-io',
  '--force-confdef',
  '--force-confold',
  '--refuse-downgrade',
  '--skip-same-version',
];
/** What dpkg tells of thousands of files is of interest when it fails. */
const LOG = '/tmp/dpkg.log';
const dpkg = (options: readonly string[]): string =>
  `dpkg ${options.join(' ')} --install /run/archives/*.deb > ${LOG} 2>&1 || { tail -n 60 ${LOG}; exit 1; }
rm ${LOG}`;
const INSTALL = dpkg(OPTIONS);
const RENEW = dpkg(['--auto-deconfigure', ...OPTIONS]);
