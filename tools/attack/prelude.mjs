/**
 * What every attack begins with: system calls by name and the two ways to end. Attacks are Perl because perl-base is in
 * every Debian image and calls the kernel directly, so that no missing tool is mistaken for a wall.
 */
const NUMBERS = {
  acct: [163, 89],
  add_key: [248, 217],
  bpf: [321, 280],
  capset: [126, 91],
  chroot: [161, 51],
  clock_gettime: [228, 113],
  clock_settime: [227, 112],
  clone3: [435, 435],
  delete_module: [176, 106],
  finit_module: [313, 273],
  fsopen: [430, 430],
  init_module: [175, 105],
  io_uring_setup: [425, 425],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  kill: [62, 129],
  mknodat: [259, 33],
  mount: [165, 40],
  msgget: [68, 186],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  pidfd_getfd: [438, 438],
  pidfd_open: [434, 434],
  pivot_root: [155, 41],
  prctl: [157, 167],
  prlimit64: [302, 261],
  process_vm_readv: [310, 270],
  ptrace: [101, 117],
  reboot: [169, 142],
  request_key: [249, 218],
  sched_setscheduler: [144, 119],
  sethostname: [170, 161],
  setns: [308, 268],
  setpriority: [141, 140],
  shmget: [29, 194],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
};

const column = process.arch === 'arm64' ? 1 : 0;
const table = Object.entries(NUMBERS)
  .map(([name, numbers]) => `${name} => ${numbers[column]}`)
  .join(', ');

export const PRELUDE = `
use strict; no warnings; $| = 1;
my %number = (${table});
sub try { my ($name, @values) = @_; syscall($number{$name}, @values) }
sub escaped { print "\\nESCAPED: @_\\n"; exit 0 }
sub contained { my $why = $!; print "\\ncontained: @_" . ($why ? " ($why)" : '') . "\\n"; exit 0 }
# Processes that are not of the step: where those of the host can be seen, the one that is there to be attacked.
sub outside { my @all = grep { $_ != $$ } map { m{^/proc/(\\d+)$} } glob '/proc/[0-9]*'; my @victims = grep { $_ == $ENV{VICTIM_PID} && content("/proc/$_/cmdline") =~ /^perl\\0-e\\0sleep.*\\Q$ENV{VICTIM}/ } @all; @victims ? @victims : grep { $_ == 1 } @all }
sub content { open(my $file, '<:raw', $_[0]) or return undef; local $/ = \\4096; scalar <$file> }
sub written { sysopen(my $file, $_[0], 1) or return 0; defined syswrite($file, $_[1]) }
`;
