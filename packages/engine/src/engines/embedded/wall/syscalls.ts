/** As Node names them; `ia32` programs also run on x64. */
export type Architecture = 'x64' | 'ia32' | 'arm64';

/** The values of `seccomp_data.arch`, see audit.h of the kernel. */
export const AUDIT_ARCH: Readonly<Record<Architecture, number>> = {
  x64: 0xc000003e,
  ia32: 0x40000003,
  arm64: 0xc00000b7,
};

/** Numbers from here on are the x32 calls of x64, which nothing in a build uses. */
export const X32_CALLS = 0x40000000;

/** The newest call that was looked at (removexattrat). From 424 on, all architectures share their numbers. */
export const NEWEST_KNOWN = 466;

/** Calls with which the setup of a step sets itself up. */
export const OWN_CALLS = {
  capset: { x64: 126, arm64: 91 },
  close_range: { x64: 436, arm64: 436 },
  keyctl: { x64: 250, arm64: 219 },
  kill: { x64: 62, arm64: 129 },
  pidfd_open: { x64: 434, arm64: 434 },
  pivot_root: { x64: 155, arm64: 41 },
  prctl: { x64: 157, arm64: 167 },
  prlimit64: { x64: 302, arm64: 261 },
  seccomp: { x64: 317, arm64: 277 },
  setgroups: { x64: 116, arm64: 159 },
  setresgid: { x64: 119, arm64: 149 },
  setresuid: { x64: 117, arm64: 147 },
  setsid: { x64: 112, arm64: 157 },
  umount2: { x64: 166, arm64: 39 },
  unshare: { x64: 272, arm64: 97 },
} as const satisfies Readonly<Record<string, Readonly<Record<'x64' | 'arm64', number>>>>;

/** `socket` and `socketpair`, whose first argument is an address family. */
export const SOCKETS: Readonly<Record<Architecture, readonly number[]>> = {
  x64: [41, 53],
  ia32: [359, 360],
  arm64: [198, 199],
};

/** One name, and its number on x64, ia32 and arm64; undefined where an architecture has no such call. */
type Row = readonly [string, number | undefined, number | undefined, number | undefined];
const NONE = undefined;
const everywhere = (name: string, number: number): Row => [name, number, number, number];

/**
 * What a step cannot call. Most of these need privileges that a step does not have; they are listed all the same
 * because each has been a way out of a container once. Numbers are those of the kernel's syscall tables.
 */
const REFUSED: readonly Row[] = [
  ['acct', 163, 51, 89],
  ['add_key', 248, 286, 217],
  ['bpf', 321, 357, 280],
  ['clock_settime', 227, 264, 112],
  ['clock_settime64', NONE, 404, NONE],
  ['delete_module', 176, 129, 106],
  ['finit_module', 313, 350, 273],
  everywhere('fsconfig', 431),
  everywhere('fsmount', 432),
  everywhere('fsopen', 430),
  everywhere('fspick', 433),
  ['init_module', 175, 128, 105],
  everywhere('io_uring_enter', 426),
  everywhere('io_uring_register', 427),
  everywhere('io_uring_setup', 425),
  ['ioperm', 173, 101, NONE],
  ['iopl', 172, 110, NONE],
  ['kexec_file_load', 320, NONE, 294],
  ['kexec_load', 246, 283, 104],
  ['keyctl', 250, 288, 219],
  everywhere('listmount', 458),
  ['lookup_dcookie', 212, 253, 18],
  ['mount', 165, 21, 40],
  everywhere('mount_setattr', 442),
  everywhere('move_mount', 429),
  ['nfsservctl', 180, 169, 42],
  ['open_by_handle_at', 304, 342, 265],
  everywhere('open_tree', 428),
  ['perf_event_open', 298, 336, 241],
  ['pivot_root', 155, 217, 41],
  ['quotactl', 179, 131, 60],
  everywhere('quotactl_fd', 443),
  ['reboot', 169, 88, 142],
  ['request_key', 249, 287, 218],
  ['setns', 308, 346, 268],
  ['settimeofday', 164, 79, 170],
  // Its families are behind a pointer, where a filter cannot look. The C library calls `socket` itself.
  ['socketcall', NONE, 102, NONE],
  everywhere('statmount', 457),
  ['stime', NONE, 25, NONE],
  ['swapoff', 168, 115, 225],
  ['swapon', 167, 87, 224],
  ['sysctl', 156, 149, NONE],
  ['sysfs', 139, 135, NONE],
  ['syslog', 103, 103, 116],
  ['umount', NONE, 22, NONE],
  ['umount2', 166, 52, 39],
  ['uselib', 134, 86, NONE],
  ['userfaultfd', 323, 374, 282],
  ['ustat', 136, 62, NONE],
  ['vm86', NONE, 166, NONE],
  ['vm86old', NONE, 113, NONE],
];

/**
 * What a step calls in vain: it is told that all is on the disk. Whatever a step leaves is fingerprinted when it ends, so nothing is
 * lost by it when the machine stops in between, and package managers wait for the disk after every file.
 */
const UNNEEDED: readonly Row[] = [
  ['fdatasync', 75, 148, 83],
  ['fsync', 74, 118, 82],
  ['sync', 162, 36, 81],
  ['sync_file_range', 277, 314, 84],
  ['syncfs', 306, 344, 267],
];

const COLUMN: Readonly<Record<Architecture, 1 | 2 | 3>> = { x64: 1, ia32: 2, arm64: 3 };

export const refusedCalls = (architecture: Architecture): number[] =>
  numbersOf(REFUSED, architecture);

export const unneededCalls = (architecture: Architecture): number[] =>
  numbersOf(UNNEEDED, architecture);

const numbersOf = (rows: readonly Row[], architecture: Architecture): number[] =>
  rows
    .map((row) => row[COLUMN[architecture]])
    .filter((number): number is number => number !== undefined)
    .sort((a, b) => a - b);

/** The address families that reach no farther than the step's own network: unix, IPv4, IPv6, netlink. */
export const FAMILIES = [1, 2, 10, 16];
