import type { ByteString } from '@nx-nixpack/base';

/** One line of a table for `mount --all --fstab`. Paths are absolute. */
export interface Mount {
  readonly source: ByteString;
  readonly target: ByteString;
  readonly type: string;
  readonly options: string;
}

const LIMITED = 'nosuid,nodev,noexec';
const TERMINALS = 'newinstance,ptmxmode=0666,mode=620,nosuid,noexec';

/** Directories in memory that every step's root gets. */
export const emptyMounts = (root: ByteString): Mount[] => [
  tmpfs(`${root}/dev`, 'nosuid,noexec,mode=755'),
  tmpfs(`${root}/run`, 'nosuid,nodev,mode=755'),
  tmpfs(`${root}/tmp`, 'nosuid,nodev,mode=1777'),
];

export const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
/** Writable for user 0 without any capability, and the host's own. */
const READ_ONLY = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs'];
const HIDDEN = ['kcore', 'keys', 'timer_list', 'latency_stats'];

/**
 * What is mounted inside the step's namespaces: the host's root for the programs that set the step up, the kernel's
 * file systems, devices, and what of /proc a step must not touch. `exists` tells what this kernel has.
 */
export function systemMounts(
  root: ByteString,
  host: ByteString,
  exists: (path: string) => boolean,
): Mount[] {
  const proc = (name: string): ByteString => `${root}/proc/${name}`;
  const here = (name: string): boolean => exists(`/proc/${name}`);
  return [
    bind('/', host, 'rbind'),
    { source: 'proc', target: `${root}/proc`, type: 'proc', options: LIMITED },
    { source: 'sysfs', target: `${root}/sys`, type: 'sysfs', options: `${LIMITED},ro` },
    ...DEVICES.map((name) => bind(`/dev/${name}`, `${root}/dev/${name}`)),
    { source: 'devpts', target: `${root}/dev/pts`, type: 'devpts', options: TERMINALS },
    tmpfs(`${root}/dev/shm`, `${LIMITED},mode=1777`),
    ...READ_ONLY.filter(here).map((name) => bind(proc(name), proc(name), 'bind,ro')),
    ...HIDDEN.filter(here).map((name) => bind('/dev/null', proc(name))),
  ];
}

export const bind = (source: ByteString, target: ByteString, options = 'bind'): Mount => ({
  source,
  target,
  type: 'none',
  options,
});

const tmpfs = (target: ByteString, options: string): Mount => ({
  source: 'nixpack',
  target,
  type: 'tmpfs',
  options,
});

/** fstab(5): white space and backslashes as octal numbers. The text is a byte string like the paths in it. */
export function mountTable(mounts: readonly Mount[]): ByteString {
  const quoted = (text: ByteString): ByteString =>
    text.replace(/[\s\\#]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return mounts
    .map(
      ({ source, target, type, options }) =>
        `${quoted(source)} ${quoted(target)} ${type} ${options} 0 0\n`,
    )
    .join('');
}
