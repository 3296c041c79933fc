/** One line of a table for `mount --all --fstab`. */
export interface Mount {
  readonly source: string;
  /** Absolute path on the host. */
  readonly target: string;
  readonly type: string;
  readonly options: string;
}

const LIMITED = 'nosuid,nodev,noexec';

/** What every step's root gets before anything is bound into it. */
export function freshMounts(merged: string, host: string): Mount[] {
  const at = (path: string): string => `${merged}/${path}`;
  return [
    bind('/', host, 'rbind'),
    { source: 'proc', target: at('proc'), type: 'proc', options: LIMITED },
    { source: 'sysfs', target: at('sys'), type: 'sysfs', options: `${LIMITED},ro` },
    { source: 'tmpfs', target: at('dev'), type: 'tmpfs', options: 'nosuid,noexec,mode=755' },
    { source: 'tmpfs', target: at('run'), type: 'tmpfs', options: 'nosuid,nodev,mode=755' },
    { source: 'tmpfs', target: at('tmp'), type: 'tmpfs', options: 'nosuid,nodev,mode=1777' },
  ];
}

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
/** Writable for user 0 without any capability, and the host's own. */
const READ_ONLY = ['proc/sys', 'proc/sysrq-trigger', 'proc/irq', 'proc/bus', 'proc/fs'];
const HIDDEN = ['proc/kcore', 'proc/keys', 'proc/timer_list', 'proc/latency_stats'];

/** Devices, and what of /proc a step must not touch. `exists` tells what this kernel has. */
export function deviceMounts(merged: string, exists: (path: string) => boolean): Mount[] {
  const at = (path: string): string => `${merged}/${path}`;
  const terminals = 'newinstance,ptmxmode=0666,mode=620,nosuid,noexec';
  return [
    ...DEVICES.map((name) => bind(`/dev/${name}`, at(`dev/${name}`))),
    { source: 'devpts', target: at('dev/pts'), type: 'devpts', options: terminals },
    { source: 'tmpfs', target: at('dev/shm'), type: 'tmpfs', options: `${LIMITED},mode=1777` },
    ...READ_ONLY.filter((path) => exists(`/${path}`)).map((path) =>
      bind(at(path), at(path), 'bind,ro'),
    ),
    ...HIDDEN.filter((path) => exists(`/${path}`)).map((path) => bind('/dev/null', at(path))),
  ];
}

export const bind = (source: string, target: string, options = 'bind'): Mount => ({
  source,
  target,
  type: 'none',
  options,
});

/** fstab(5): white space and backslashes as octal numbers. */
export function mountTable(mounts: readonly Mount[]): string {
  const quoted = (text: string): string =>
    text.replace(/[\s\\#]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return mounts
    .map(
      ({ source, target, type, options }) =>
        `${quoted(source)} ${quoted(target)} ${type} ${options} 0 0\n`,
    )
    .join('');
}
