export const KERNEL = [
  {
    id: 'open-by-handle',
    what: 'opens inode 2 of every file system by handle, as Shocker did',
    program: `for my $place ('/', '/etc/hosts', '/etc/resolv.conf', '/root/.cache', '/proc', '/tmp') { opendir(my $directory, $place) or next;
      my $handle = pack('LlLL', 8, 1, 2, 0); my $found = try('open_by_handle_at', fileno $directory, $handle, 0);
      escaped "through $place" if $found >= 0 } contained 'none opens';`,
  },
  {
    id: 'bpf',
    what: 'makes a BPF map',
    program: `my $attributes = pack('L4', 2, 4, 4, 1) . "\\0" x 112; try('bpf', 0, $attributes, 128) >= 0 ? escaped 'made' : contained 'refused';`,
  },
  {
    id: 'perf',
    what: 'watches processes with performance counters',
    program: `my $attributes = pack('LLQ', 1, 112, 0) . "\\0" x 96;
      (try('perf_event_open', $attributes, 0, -1, -1, 0) >= 0 or try('perf_event_open', $attributes, -1, 0, -1, 0) >= 0) ? escaped 'opened' : contained 'refused';`,
  },
  {
    id: 'io-uring',
    what: 'sets up io_uring, the source of many kernel bugs',
    program: `my $parameters = "\\0" x 120; try('io_uring_setup', 8, $parameters) >= 0 ? escaped 'set up' : contained 'refused';`,
  },
  {
    id: 'userfaultfd',
    what: 'takes over page faults with userfaultfd',
    program: `(try('userfaultfd', 0) >= 0 or try('userfaultfd', 1) >= 0) ? escaped 'made' : contained 'refused';`,
  },
  {
    id: 'modules',
    what: 'loads and removes kernel modules',
    program: `my ($image, $options, $name) = ("\\x7fELF", '', 'no_such_module');
      my @answers = map { $! = 0; $_->(); $! + 0 } sub { try('init_module', $image, 4, $options) }, sub { try('delete_module', $name, 0) };
      (grep { $_ != 1 && $_ != 38 } @answers) ? escaped "asked for a module (@answers)" : contained 'refused';`,
  },
  {
    id: 'kexec',
    what: 'replaces the kernel',
    program: `try('kexec_load', 0, 0, 0, 0) == 0 ? escaped 'accepted' : contained 'refused';`,
  },
  {
    id: 'clock',
    what: "sets the machine's clock",
    program: `my $now = "\\0" x 16; try('clock_gettime', 0, $now); try('clock_settime', 0, $now) == 0 ? escaped 'set' : contained 'refused';`,
  },
  {
    id: 'swap',
    what: 'switches swapping on or off',
    program: `my $none = '/no-such-swap'; my @answers = map { $! = 0; try($_, $none, 0); $! + 0 } 'swapon', 'swapoff';
      (grep { $_ != 1 && $_ != 38 } @answers) ? escaped "looked for a swap file (@answers)" : contained 'refused';`,
  },
  {
    id: 'reboot',
    what: 'restarts the machine (asked for in its harmless form)',
    program: `try('reboot', 0xfee1dead, 672274793, 0, 0) == 0 ? escaped 'accepted' : contained 'refused';`,
  },
  {
    id: 'accounting',
    what: 'switches process accounting into a file of its own',
    program: `my $file = '/tmp/accounts'; open(my $made, '>', $file); if (try('acct', $file) == 0) { try('acct', 0); escaped 'on' } contained 'refused';`,
  },
  {
    id: 'kernel-log',
    what: 'reads the kernel log',
    program: `my $log = ' ' x 4096; try('syslog', 3, $log, 4096) > 0 and escaped 'by call';
      my $file; sysopen($file, '/proc/kmsg', 04000) && sysread($file, $log, 4096) ? escaped 'by file' : contained 'nothing to read';`,
  },
  {
    id: 'kcore',
    what: 'reads the memory of the kernel in `/proc/kcore`',
    program: `my $bytes = content('/proc/kcore'); length $bytes ? escaped length($bytes) . ' bytes' : contained 'nothing to read';`,
  },
  {
    id: 'kernel-addresses',
    what: 'reads kernel addresses in `/proc/kallsyms`, slabs and page flags',
    program: `for (qw(kallsyms slabinfo vmallocinfo kpageflags iomem)) { my $text = content("/proc/$_");
      escaped $_ if $text =~ /[1-9a-f]{4,}/ and $text !~ /\\A(?:0+ .*\\n)+\\z/ } contained 'nothing to read';`,
  },
  {
    id: 'sysrq',
    what: 'presses SysRq through `/proc`',
    program: `written('/proc/sysrq-trigger', 'h') ? escaped 'pressed' : contained 'not writable';`,
  },
  {
    id: 'core-pattern',
    what: 'sets the program that the host runs for core dumps, or for modules',
    program: `for (qw(/proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/kernel/hotplug /sys/kernel/uevent_helper /proc/sys/fs/binfmt_misc/register))
      { sysopen(my $file, $_, 1) and escaped $_ } contained 'none is writable';`,
  },
  {
    id: 'sysctl',
    what: 'writes to any file of `/proc/sys`, and to others of `/proc` that belong to user 0',
    program: `my @pending = '/proc/sys'; my $tried = 0;
      while (defined(my $at = shift @pending)) { opendir(my $directory, $at) or next;
        for (grep { !/^\\.\\.?$/ } readdir $directory) { my $path = "$at/$_"; if (-d $path) { push @pending, $path; next }
          $tried++; sysopen(my $file, $path, 1) and escaped $path } }
      for (glob '/proc/*') { next if m{/(?:\\d+|self|thread-self|net|mounts)$} or -d $_; my $path = $_; next if -c $path; sysopen(my $file, $path, 1) or next; escaped $path if defined syswrite($file, '') }
      $! = 0; $tried > 100 ? contained "$tried files" : escaped "only $tried files were tried";`,
  },
  {
    id: 'sys-files',
    what: 'writes to any file of `/sys`',
    program: `my @pending = '/sys'; my $tried = 0;
      while (defined(my $at = shift @pending)) { opendir(my $directory, $at) or next;
        for (grep { !/^\\.\\.?$/ } readdir $directory) { my $path = "$at/$_"; next if -l $path; if (-d $path) { push @pending, $path; next }
          $tried++; sysopen(my $file, $path, 1) and escaped $path } }
      $! = 0; contained "$tried files";`,
  },
  {
    id: 'firmware',
    what: 'reads firmware tables and power meters',
    program: `for ('/sys/firmware', '/sys/devices/virtual/powercap') { my @found = glob "$_/*"; escaped $found[0] if @found } contained 'nothing there';`,
  },
];
