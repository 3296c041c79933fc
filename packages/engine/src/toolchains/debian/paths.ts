/** Parts of Debian's packages that no image holds: documentation, translations, and the notes of packagers. */
export const EXCLUDED: readonly string[] = [
  'usr/share/bug',
  'usr/share/doc-base',
  'usr/share/gnome/help',
  'usr/share/help',
  'usr/share/info',
  'usr/share/lintian',
  'usr/share/linda',
  'usr/share/locale',
  'usr/share/man',
];

/** Licenses stay: they are owed to whoever gets the image, and an SBOM reads them. */
const DOCUMENTATION = 'usr/share/doc';

/** A part of dpkg's configuration (dpkg.cfg(5)), in the image too: what is installed later is treated alike. */
export const DPKG_CONFIG = [
  ...EXCLUDED.map((path) => `path-exclude=/${path}/*`),
  `path-exclude=/${DOCUMENTATION}/*`,
  `path-include=/${DOCUMENTATION}/*/copyright`,
  '',
].join('\n');

export const DPKG_CONFIG_PLACE = '/etc/dpkg/dpkg.cfg.d/nixpack';

/** Directories of old that a merged system has as links (file-hierarchy(7)). */
export const MERGED_USR: Readonly<Record<string, string>> = {
  '/bin': 'usr/bin',
  '/lib': 'usr/lib',
  '/lib64': 'usr/lib64',
  '/sbin': 'usr/sbin',
};
