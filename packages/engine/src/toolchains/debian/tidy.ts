import { JAVA_TRUST } from './java-trust.js';

/** What packages write when they are set up, and what would be another text the next time. */
const VOLATILE = [
  '/etc/.pwd.lock',
  '/etc/hostname',
  '/etc/machine-id',
  '/var/cache/debconf/*-old',
  '/var/cache/fontconfig/*',
  '/var/cache/ldconfig/aux-cache',
  '/var/lib/dbus/machine-id',
  '/var/lib/dpkg/*-old',
  '/var/lib/dpkg/lock',
  '/var/lib/dpkg/lock-frontend',
  '/var/lib/dpkg/triggers/Lock',
  '/var/lib/systemd/catalog/database',
  '/var/lib/systemd/random-seed',
];

/** Ends an installation: whatever differs from run to run goes, or is written anew in one way. */
export const TIDY = `rm -rf ${VOLATILE.join(' ')}
find /var/log -type f -delete
${JAVA_TRUST}`;
