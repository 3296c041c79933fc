export const PROCESSES = [
  {
    id: 'host-processes',
    what: 'sees or kills a process of the host',
    program: `for my $pid (outside()) { escaped "process $pid" if $pid == $ENV{VICTIM_PID} and kill 'KILL', $pid } contained 'not seen';`,
    hostHarmed: (host) => host.victimGone(),
  },
  {
    id: 'kill-by-number',
    what: 'kills a process of the host by its number',
    program: `kill('KILL', $ENV{VICTIM_PID}) ? contained 'it was another one' : contained 'no such process';`,
    hostHarmed: (host) => host.victimGone(),
  },
  {
    id: 'kill-everything',
    what: 'kills every process that it can reach',
    program: `$SIG{TERM} = 'IGNORE'; my $number = kill 'TERM', -1; contained "$number reached";`,
    hostHarmed: (host) => host.victimGone(),
    deadly: true,
  },
  {
    id: 'trace-first-process',
    what: 'traces the first process, or reads its memory',
    program: `my ($local, $remote) = ('x' x 16, 0); my $buffer = pack('PQ', $local, 16); my $from = pack('QQ', 0x400000, 16);
      for my $pid (outside()) {
        try('ptrace', 0x4206, $pid, 0, 0) == 0 and escaped "traces $pid"; try('process_vm_readv', $pid, $buffer, 1, $from, 1, 0) > 0 and escaped "reads $pid";
        sysopen(my $memory, "/proc/$pid/mem", 2) and escaped "memory of $pid" } contained 'none';`,
  },
  {
    id: 'first-process-files',
    what: 'reaches the host through the root, working directory, program, descriptors and variables of another process',
    program: `for my $pid (outside()) { my $mine = readlink "/proc/$$/root"; for my $way (qw(root cwd)) {
          -e "/proc/$pid/$way$ENV{HOST_DIRECTORY}/canary" and escaped "$way of $pid" }
        sysopen(my $program, "/proc/$pid/exe", 1) and escaped "program of $pid"; content("/proc/$pid/environ") =~ /NIXPACK_ATTACK_SECRET/ and escaped "variables of $pid";
        for my $file (glob "/proc/$pid/fd/*") { -e "$file$ENV{HOST_DIRECTORY}/canary" and escaped $file } } contained 'none leads out';`,
  },
  {
    id: 'descriptor-theft',
    what: 'takes descriptors of another process with pidfd_getfd',
    program: `for my $pid (outside()) { my $handle = try('pidfd_open', $pid, 0); next if $handle < 0;
        for my $file (0 .. 30) { my $stolen = try('pidfd_getfd', $handle, $file, 0); next if $stolen < 0; my $to = readlink "/proc/self/fd/$stolen";
          escaped "$to of $pid" if $to !~ /^(?:pipe:|\\/dev\\/null)/ } } contained 'none';`,
  },
  {
    id: 'inherited-descriptors',
    what: 'finds open descriptors of the builder',
    program: `opendir(my $own, '/proc/self/fd'); my @open = grep { /^\\d+$/ && $_ > 2 && $_ != fileno $own } readdir $own;
      my @paths = grep { !m{^/proc/} } map { readlink "/proc/self/fd/$_" } @open;
      my $streams = join ' ', map { readlink("/proc/self/fd/$_") } 0 .. 2; $! = 0;
      @paths ? escaped "@paths" : contained "only $streams";`,
  },
  {
    id: 'descriptor-working-directory',
    what: 'leaves through a working directory or root that a descriptor of the builder still holds',
    program: `for my $number (0 .. 64) { chdir "/proc/self/fd/$number/../../../../../.." or next; -e ".$ENV{HOST_DIRECTORY}/canary" and escaped "descriptor $number" }
      contained 'none';`,
  },
  {
    id: 'keyring-read',
    what: "reads a key in the keyring of the host's root user",
    program: `my ($type, $name) = ('user', $ENV{KEY_NAME}); for my $ring (-4, -5, -3) { my $key = try('keyctl', 10, $ring, $type, $name, 0); next if $key <= 0;
        my $value = ' ' x 64; try('keyctl', 11, $key, $value, 64) > 0 and escaped 'read' } my $more = 0;
      my $asked = try('request_key', $type, $name, $more, 0); $asked > 0 ? escaped 'found' : contained 'not found';`,
  },
  {
    id: 'keyring-write',
    what: "adds a key to the keyring of the host's root user",
    program: `my ($type, $name, $value) = ('user', $ENV{NEW_KEY}, 'planted'); try('add_key', $type, $name, $value, 7, -4) > 0 ? contained 'added somewhere' : contained 'refused';`,
    hostHarmed: (host) => host.hasKey(),
  },
  {
    id: 'shared-memory',
    what: 'opens System V shared memory and a queue of the host',
    program: `(try('shmget', $ENV{SHARED_KEY}, 0, 0) >= 0 or try('msgget', $ENV{SHARED_KEY}, 0) >= 0) ? escaped 'opened' : contained 'not found';`,
  },
  {
    id: 'shared-memory-files',
    what: 'finds files of the host in `/dev/shm`, `/tmp` and `/run`',
    program: `for ('/dev/shm', '/tmp', '/run', '/var/tmp') { -e "$_/$ENV{CANARY_NAME}" and escaped $_ } contained 'none';`,
  },
  {
    id: 'host-files',
    what: 'finds a file of the host by its path, through `/proc/*/root` and by `..`',
    program: `my $path = "$ENV{HOST_DIRECTORY}/canary"; for ('', '/..' x 20, '/proc/self/root', '/proc/1/root', '/proc/self/cwd/../../../..', '/proc/thread-self/root')
      { -e "$_$path" and escaped "$_$path" } contained 'not found';`,
  },
  {
    id: 'set-user-id',
    what: 'gets more capabilities through a set-user-ID program as another user',
    program: `my $program = '/usr/bin/attack-shell'; system 'cp', '/bin/bash', $program; chown 0, 0, $program; chmod 04755, $program; my $pid = fork;
      if ($pid == 0) { $) = '65534 65534'; $( = 65534; $< = $> = 65534; exec $program, '-p', '-c', 'id -u' } waitpid $pid, 0; contained 'it stays inside';`,
    hostHarmed: (host, storage) => host.reachesSetUserId(storage),
  },
  {
    id: 'immutable-files',
    what: 'leaves files that nobody can delete',
    program: `my $path = '/immutable'; open(my $file, '>', $path); my $flags = pack('l', 0x10); ioctl($file, 0x40086602, $flags) ? escaped 'immutable' : contained 'refused';`,
  },
  {
    id: 'leftover-process',
    what: 'leaves a process that goes on after the command',
    program: `if (fork == 0) { require POSIX; POSIX::setsid(); if (fork == 0) { $SIG{$_} = 'IGNORE' for qw(HUP INT TERM); close STDOUT; close STDERR; $0 = $ENV{LEFTOVER};
        for (1 .. 600) { open(my $file, '>>', '/leftover'); print {$file} 'x'; select undef, undef, undef, 0.1 } } exit 0 } contained 'started';`,
    hostHarmed: (host) => host.hasLeftover(),
  },
];
