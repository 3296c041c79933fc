import { bytes, type ByteString, encodeText, joinPath } from '@nx-nixpack/base';

/** One line of a table for `mount --all --fstab`. Paths are absolute, but for names in the options of an overlay. */
export interface Mount {
  readonly source: ByteString;
  readonly target: ByteString;
  readonly type: string;
  readonly options: string;
}

const LIMITED = 'nosuid,nodev,noexec';
const TERMINALS = 'newinstance,ptmxmode=0666,mode=620,nosuid,noexec';

/** Directories of a step's root that are in memory, by the names that they have in the one memory of the step. */
const MEMORY_OPTIONS = {
  dev: LIMITED,
  run: 'nosuid,nodev',
  tmp: 'nosuid,nodev',
} as const;

export type MemoryPlace = keyof typeof MEMORY_OPTIONS;
export const MEMORY_PLACES: readonly MemoryPlace[] = ['dev', 'run', 'tmp'];

/** One memory for all of them, so that a step cannot take more than half of the machine's by filling each. */
export const memoryMounts = (
  root: ByteString,
  memory: ByteString,
  places: readonly MemoryPlace[],
): Mount[] =>
  places.map((name) => {
    const place = encodeText(name);
    return bind(joinPath(memory, place), joinPath(root, place), `bind,${MEMORY_OPTIONS[name]}`);
  });

export const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** What tells much about the machine, or has been a way into its kernel. */
const HIDDEN_FILES = [
  ...['interrupts', 'iomem', 'ioports', 'kallsyms', 'kcore', 'key-users', 'keys', 'kmsg'],
  ...['kpagecgroup', 'kpagecount', 'kpageflags', 'latency_stats', 'pagetypeinfo', 'sched_debug'],
  ...['slabinfo', 'timer_list', 'timer_stats', 'vmallocinfo'],
].map((name) => `proc/${name}`);
const HIDDEN_DIRECTORIES = [
  'proc/acpi',
  'proc/asound',
  'proc/scsi',
  'sys/devices/virtual/powercap',
  'sys/firmware',
];

export interface Kernel {
  /** Whether this machine has a path of /proc or /sys. */
  has(path: string): boolean;
  /** What in /proc is the machine's and could be written: directories, and files with a write bit. */
  readonly writable: readonly string[];
}

/** The kernel's file systems and devices, and what of them a step must not touch: user 0 may write there by name alone. */
export function systemMounts(root: ByteString, memory: ByteString, kernel: Kernel): Mount[] {
  const here = (path: string): boolean => kernel.has(`/${path}`);
  const under = (path: string): ByteString => joinPath(root, encodeText(path));
  return [
    { source: bytes`proc`, target: under('proc'), type: 'proc', options: LIMITED },
    { source: bytes`sysfs`, target: under('sys'), type: 'sysfs', options: `${LIMITED},ro` },
    ...DEVICES.map((name) => bind(encodeText(`/dev/${name}`), under(`dev/${name}`))),
    { source: bytes`devpts`, target: under('dev/pts'), type: 'devpts', options: TERMINALS },
    bind(bytes`${memory}/shm`, under('dev/shm'), `bind,${LIMITED}`),
    ...kernel.writable.map((path) => bind(under(path), under(path), 'bind,ro')),
    ...HIDDEN_FILES.filter(here).map((path) => bind(bytes`/dev/null`, under(path))),
    ...HIDDEN_DIRECTORIES.filter(here).map((path) => nothing(under(path))),
  ];
}

export const bind = (source: ByteString, target: ByteString, options = 'bind'): Mount => ({
  source,
  target,
  type: 'none',
  options,
});

/**
 * A directory of the store as an overlay with nothing below it: the table of mounts, which a step can read, would tell
 * where a bound one lies on the machine. `upper`, `work` and `empty` are names in the directory that `mount` runs in.
 */
export const overlayOf = (upper: string, work: string, target: ByteString): Mount => ({
  source: bytes`nixpack`,
  target,
  type: 'overlay',
  options: `lowerdir=empty,upperdir=${upper},workdir=${work},nosuid,nodev,metacopy=off,index=off,redirect_dir=off,xino=off`,
});

/** The same for a directory that is only read. */
export const readOnlyOverlay = (lower: string, target: ByteString): Mount => ({
  source: bytes`nixpack`,
  target,
  type: 'overlay',
  options: `lowerdir=${lower}:empty,ro,nosuid,nodev,noexec,metacopy=off,index=off,redirect_dir=off,xino=off`,
});

const nothing = (target: ByteString): Mount => ({
  source: bytes`nixpack`,
  target,
  type: 'tmpfs',
  options: `${LIMITED},ro,size=4k,mode=555`,
});

/** fstab(5): white space and backslashes as octal numbers. The text is a byte string like the paths in it. */
export function mountTable(mounts: readonly Mount[]): ByteString {
  const quoted = (text: ByteString): ByteString =>
    text.replace(
      /[\s\\#]/g,
      (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`,
    ) as ByteString;
  const lines = mounts.map(
    ({ source, target, type, options }) =>
      `${quoted(source)} ${quoted(target)} ${type} ${options} 0 0\n`,
  );
  return lines.join('') as ByteString;
}
