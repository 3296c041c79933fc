import { basename } from 'node:path';

export const RESOURCES = [
  {
    id: 'fork-bomb',
    what: 'makes 10,000 processes, as a fork bomb does',
    program: `my $number = 0; my @all; while ($number < 10000) { my $pid = fork; last unless defined $pid; if ($pid == 0) { sleep 300; exit 0 } $number++; push @all, $pid }
      my $why = $! + 0; $! = $why; kill 'KILL', @all; $number >= 10000 ? escaped "$number processes" : contained "ends after $number";`,
  },
  {
    id: 'memory-files',
    what: "can fill the machine's memory with files",
    program: `my ($total) = content('/proc/meminfo') =~ /MemTotal:\\s+(\\d+)/; my (%size, $sum);
      for (split /\\n/, join '', do { open(my $table, '<', '/proc/self/mounts'); <$table> }) { my (undef, $place, $type, $options) = split / /; next if $type ne 'tmpfs' or $options =~ /^ro\\b/;
        my ($device) = stat $place; my ($blocks) = \`df -k --output=size '$place'\` =~ /(\\d+)\\s*$/; $size{$device} = $blocks }
      $sum += $_ for values %size; my $share = int 100 * $sum / $total; $! = 0; $share > 60 ? escaped "$share % of it" : contained "$share % of it at most";`,
  },
  {
    id: 'out-of-memory-score',
    what: 'protects itself from the out-of-memory killer, so that the host is hit instead',
    program: `written('/proc/self/oom_score_adj', '-1000') and escaped 'protected'; written('/proc/self/oom_score_adj', '0'); my $score = content('/proc/self/oom_score_adj'); chomp $score;
      $score < 0 ? escaped "goes last ($score)" : contained "at least as likely as others ($score)";`,
  },
  {
    id: 'real-time',
    what: 'takes the processors with real-time priority or a negative nice value',
    program: `my $priority = pack('l', 50); try('sched_setscheduler', 0, 1, $priority) == 0 and escaped 'real time';
      try('setpriority', 0, 0, -20) == 0 ? escaped 'nice -20' : contained 'refused';`,
  },
  {
    id: 'limits',
    what: 'raises its own limits',
    program: `my $limit = pack('QQ', 1 << 30, 1 << 30); try('prlimit64', 0, 7, $limit, 0) == 0 ? escaped 'a thousand million files' : contained 'refused';`,
  },
  {
    id: 'deep-directories',
    what: 'nests directories deeper than any path, so that the builder cannot read or remove them',
    program: `my $depth = 0; while ($depth < 2000) { mkdir '0123456789' or last; chdir '0123456789' or last; $depth++ }
      $depth > 400 ? contained "$depth made, and the next build works" : escaped "only $depth could be made";`,
  },
  {
    id: 'host-name',
    what: "changes the host's name",
    program: `my $name = 'attacked'; try('sethostname', $name, 8); contained 'tried';`,
    hostHarmed: (host) => host.renamed(),
  },
  {
    id: 'store-paths',
    what: 'learns from its mounts, or from command lines, where the host keeps the build',
    program: `open(my $table, '<', '/proc/self/mountinfo'); print <$table>; open($table, '<', '/proc/self/mounts'); print <$table>; print content("/proc/$_/cmdline"), "\\n" for outside(); contained 'printed';`,
    outputHarmed: (output, host, storage) => output.includes(basename(storage)),
  },
  {
    id: 'control-group-path',
    what: "learns the builder's control group, which names sessions, containers and users",
    program: `my $groups = content('/proc/self/cgroup'); $! = 0; my @named = grep { !m{::?/?$|:/$} } split /\\n/, $groups; @named ? escaped $named[0] : contained 'only /';`,
  },
  {
    id: 'builder-variables',
    what: "finds the builder's environment variables",
    program: `$ENV{NIXPACK_ATTACK_SECRET} ? escaped 'found' : contained 'none';`,
  },
  {
    id: 'special-files-left',
    what: 'leaves device nodes and pipes for the builder to open when it packs the result',
    program: `for my $numbers (0, (7 << 8) | $ENV{LOOP_MINOR}) { my $path = "/left$numbers"; try('mknodat', -100, $path, 0060666, $numbers) == 0 and escaped $path }
      my $pipe = '/pipe'; try('mknodat', -100, $pipe, 0010666, 0); contained 'only a pipe';`,
    completes: true,
  },
  {
    id: 'links-left',
    what: "leaves links to the host's files for the builder to follow when it packs the result",
    program: `symlink "$ENV{HOST_DIRECTORY}/canary", '/stolen'; symlink '/', '/everything'; mkdir '/d'; symlink $ENV{HOST_DIRECTORY}, '/d/up'; contained 'left';`,
    completes: true,
  },
];
