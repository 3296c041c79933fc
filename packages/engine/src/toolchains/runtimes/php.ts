import { debianHas, isAskedFor } from './debian-version.js';
import { phpPackages } from './php-packages.js';
import { absenceRefusal } from './refusal.js';
import type { Runtime, RuntimeSources } from './runtime.js';
import { file } from './steps.js';

/** Versions that Debian's releases may have, newest first. */
const KNOWN = ['8.6', '8.5', '8.4', '8.2', '7.4'] as const;
const ATTRIBUTE = /^\(?php([0-9])?([0-9])?(?:\.withExtensions\b|Packages\.|Extensions\.|$)/;
/** PHP-FPM depends on one of several that make its directories; this is the one without an init system. */
const TEMPORARY_FILES = ['systemd-standalone-tmpfiles'] as const;

/** Debian's PHP with FPM, its command line and extensions; Composer where it is built. */
export const php: Runtime = {
  name: 'php',
  channel: 'debian',
  verified: "Debian's signed index",
  license: 'PHP-3.01',

  wanted(attribute) {
    const found = ATTRIBUTE.exec(attribute);
    return found === null ? undefined : found.slice(1).filter(Boolean).join('.');
  },

  async resolve(wish, sources) {
    const [minor, version] = (await phpOf(sources)) ?? [];
    if (minor === undefined || version === undefined) return undefined;
    if (!isAskedFor(version, wish)) return undefined;
    const { packages, lacking } = await phpPackages(minor, wish.parts ?? [], sources);
    const [missing] = lacking;
    if (missing !== undefined)
      throw absenceRefusal(
        { name: `php's extension ${missing}` },
        `Debian has no package of it for PHP ${minor}`,
      );
    const tmpfiles = (await debianHas(sources, TEMPORARY_FILES[0])) ? TEMPORARY_FILES : [];
    const run = [...tmpfiles, `php${minor}-cli`, `php${minor}-fpm`, ...packages];
    return {
      version,
      archives: [],
      env: {},
      packages: { run, build: ['composer', 'unzip', 'git'] },
    };
  },

  async available(sources) {
    const [, version] = (await phpOf(sources)) ?? [];
    return version === undefined ? [] : [version];
  },

  // Debian names it by its version alone.
  steps: ({ version }) => {
    const minor = version.split('.').slice(0, 2).join('.');
    const start = ['#!/bin/sh', `exec /usr/sbin/php-fpm${minor} "$@"`];
    return { run: [file('/usr/local/sbin/php-fpm', start, 0o755)], build: [] };
  },
};

/** The release's PHP: its minor version, and the whole. */
async function phpOf(sources: RuntimeSources): Promise<readonly [string, string] | undefined> {
  for (const minor of KNOWN) {
    const version = await debianHas(sources, `php${minor}-fpm`);
    if (version !== undefined) return [minor, version];
  }
  return undefined;
}
