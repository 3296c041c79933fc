import { OWN_CALLS } from './syscalls.js';

/**
 * The first process of a step's namespaces, run by the host's perl with the host's programs: nothing of the image runs
 * before the host's root is gone. Arguments: DIRECTORY ROOT WORKDIR NETWORK CAPABILITIES USER PROCESSES, then
 * NAME=NUMBER of calls. NETWORK is `own` or `shared`, USER the ids `uid:gid` of the command, PROCESSES how many there may
 * be (0: as many as the machine lets). Who is not root listens on ports from 1024 on, as most container engines have it.
 * DIRECTORY is private to the build and holds `mounts` (a table), `environment` and `command` (ended by NUL each), and
 * `filter` (seccomp). It reads them before the root changes, so that no value is ever in a process list.
 *
 * The command's process gets a user namespace of its own, in which ids are what they were and nothing can be nested.
 * Every other namespace belongs to the user namespace outside: over those the command has no power at all, whatever
 * capabilities it has. The first process stays outside, takes the command's output through pipes (programs write to
 * /dev/stdout, which a socket refuses), and ends everything when the command is done: the kernel ends what is left.
 * An empty command ends where it would begin, which is how the engine finds out whether it can run here.
 */
export const STEP_INIT = String.raw`
use strict;
my ($directory, $root, $workdir, $network, $capabilities, $user, $processes, @numbers) = @ARGV;
my ($uid, $gid) = map { 0 + $_ } split /:/, $user;
# Every process may read the command line of every other.
$0 = 'nixpack';
my %number = map { split /=/ } @numbers;
sub call { my ($name, @values) = @_; my $result = syscall(0 + $number{$name}, @values); $result >= 0 or die "$name: $!\n"; $result }
sub content { local $/; open(my $file, '<:raw', "$directory/$_[0]") or die "$_[0]: $!\n"; my $bytes = <$file>; $bytes // '' }
sub put { open(my $file, '>:raw', $_[0]) or die "$_[0]: $!\n"; defined(syswrite($file, $_[1])) or die "$_[0]: $!\n" }
sub optional { eval { put(@_) } }

call('close_range', 3, 0xffffffff, 0);
umask 022;
call('prlimit64', 0, 4, pack('QQ', 0, 0), 0);
put('/proc/sys/kernel/hostname', 'nixpack');
put('/proc/sys/kernel/pid_max', $processes) if $processes;
my @command = split /\0/, content('command');
my %environment = map { split(/=/, $_, 2) } split /\0/, content('environment');
unlink "$directory/environment";
my $filter = content('filter');
open(my $started, '>', "$directory/started") or die "started: $!\n";
if ($network eq 'own') {
  my $loopback = pack('a16sx22', 'lo', 0x49);
  socket(my $socket, 2, 2, 0) or die "socket: $!\n";
  ioctl($socket, 0x8914, $loopback) or die "lo: $!\n";
  put('/proc/sys/net/ipv4/ip_unprivileged_port_start', 0) if $uid == 0;
}

pipe(my $ask, my $asking) && pipe(my $answer, my $answering) && pipe(my $out, my $outward) && pipe(my $err, my $errward) or die "pipe: $!\n";
# Programs open /dev/stdout by its name.
chown $uid, $gid, $outward, $errward if $user ne '0:0';
# A new session keyring, before there is a process that could reach the old one.
syscall(0 + $number{keyctl}, 1, 0);
my $child = fork // die "fork: $!\n";
if ($child == 0) {
  eval {
    close $_ for $ask, $answering, $out, $err, $started;
    # Before the powers of outside are gone: only with them it becomes the least that the command can set.
    optional('/proc/self/oom_score_adj', 500);
    call('unshare', 0x10000000);
    put("/proc/sys/user/max_$_" . '_namespaces', 0) for qw(user mnt pid net uts ipc cgroup);
    syswrite $asking, '.';
    sysread($answer, my $go, 1) or exit 0;
    call('setsid');
    chdir $workdir or die "$workdir: $!\n";
    open(STDIN, '<', '/dev/null') && open(STDOUT, '>&', $outward) && open(STDERR, '>&', $errward) or die "streams: $!\n";
    my %kept = map { $_ => 1 } split /,/, $capabilities;
    for (my $one = 0; $one < 64; $one++) { $kept{$one} or syscall(0 + $number{prctl}, 24, $one, 0, 0, 0) == 0 or last }
    call('setgroups', 1, my $groups = pack('L', $gid));
    call('setresgid', $gid, $gid, $gid);
    call('setresuid', $uid, $uid, $uid);
    my @mask = (0, 0);
    $mask[$_ >> 5] |= 1 << ($_ & 31) for keys %kept;
    call('prctl', 47, 4, 0, 0, 0);
    call('capset', pack('LL', 0x20080522, 0), pack('L6', $mask[0], $mask[0], 0, $mask[1], $mask[1], 0));
    call('prctl', 38, 1, 0, 0, 0);
    my $program = pack('Sx6P', length($filter) / 8, $filter);
    call('seccomp', 1, 0, $program);
    exit 0 unless @command;
    %ENV = %environment;
    exec { $command[0] } @command or die "$command[0]: $!\n";
  };
  syswrite $asking, $@;
  exit 127;
}
close $_ for $asking, $answer, $outward, $errward;
sysread $ask, my $ready, 4096;
$ready eq '.' or die $ready;
for my $kind (qw(uid gid)) {
  open(my $ids, '<', "/proc/self/$kind" . '_map') or die "ids: $!\n";
  put("/proc/$child/$kind" . '_map', join '', map { my ($inside, undef, $count) = split; "$inside $inside $count\n" } <$ids>);
}
chdir $directory or die "$directory: $!\n";
system('mount', '--all', '--fstab', 'mounts') == 0 or die "mounts\n";
chdir $root or die "$root: $!\n";
call('pivot_root', '.', 'run/nixpack/host');
chdir '/' or die "root: $!\n";
call('umount2', 'run/nixpack/host', 2);
rmdir 'run/nixpack/host';
syswrite $answering, '.';
my $said = '';
while (sysread $ask, my $more, 4096) { $said .= $more }
die $said if $said ne '';
syswrite $started, 'yes';

my $ended = call('pidfd_open', $child, 0);
my %sink = (fileno($out) => [$out, \*STDOUT], fileno($err) => [$err, \*STDERR]);
my $code;
while (%sink || !defined $code) {
  my $wanted = '';
  vec($wanted, $_, 1) = 1 for keys %sink, (defined $code ? () : $ended);
  next if select(my $found = $wanted, undef, undef, 1) < 0;
  for (grep { vec($found, $_, 1) } keys %sink) {
    my ($from, $to) = @{$sink{$_}};
    my $length = sysread $from, my $bytes, 65536;
    if (!$length) { delete $sink{$_}; next }
    for (my $done = 0; $done < $length; ) { $done += syswrite($to, $bytes, $length - $done, $done) // exit 1 }
  }
  while ((my $pid = waitpid -1, 1) > 0) {
    next if $pid != $child;
    $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    syscall(0 + $number{kill}, -1, 9);
  }
}
exit $code;
`;

/** What the setup calls, as its arguments. */
export const ownCalls = (architecture: 'x64' | 'arm64'): string[] =>
  Object.entries(OWN_CALLS).map(([name, numbers]) => `${name}=${numbers[architecture]}`);
