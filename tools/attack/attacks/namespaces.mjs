const FLAGS = {
  user: 0x10000000,
  mnt: 0x00020000,
  cgroup: 0x02000000,
  pid: 0x20000000,
  net: 0x40000000,
};

/** In a user namespace of its own, where that can be had; as it is otherwise. */
const NESTED = `
  my $nested = try('unshare', ${FLAGS.user | FLAGS.mnt | FLAGS.cgroup}) == 0;
  try('unshare', ${FLAGS.mnt}) unless $nested; $! = 0;
  my ($none, $slash, $private) = ('none', '/', 0x44000);
  try('mount', $none, $slash, 0, $private, 0);`;
const mounted = (type, path = '/opt') =>
  `my ($type, $source, $target) = ('${type}', '${type}', '${path}'); mkdir $target;
   try('mount', $source, $target, $type, 0, 0) == 0`;

const cgroup = (version, files) => ({
  id: `cgroup-v${version}`,
  what: `mounts cgroup v${version} in a user namespace, then freezes and kills a process of the host`,
  program: `${NESTED} my ($source, $target, $type, $options) = ('none', '/opt', '${version === 1 ? 'cgroup' : 'cgroup2'}', '${version === 1 ? 'freezer' : ''}');
    mkdir $target;
    try('mount', $source, $target, $type, 0, ${version === 1 ? '$options' : '0'}) == 0 or contained 'not mounted';
    for my $group (glob('/opt/nixpack-attack*'), '/opt') { ${files.map(([name, value]) => `escaped "$group/${name}" if written("$group/${name}", '${value}');`).join(' ')} }
    contained 'mounted, and nothing can be written';`,
  hostHarmed: (host) => host.victimGone(),
});

export const NAMESPACES = [
  {
    id: 'user-namespace',
    what: 'makes a user namespace, in which it would have every capability',
    program: `try('unshare', ${FLAGS.user}) == 0 ? escaped 'made' : contained 'refused';`,
  },
  {
    id: 'user-namespace-clone3',
    what: 'makes a user namespace with clone3',
    program: `my $args = pack('Q11', ${FLAGS.user}, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0);
      my $pid = try('clone3', $args, 88); exit 0 if $pid == 0; $pid > 0 ? escaped 'made' : contained 'refused';`,
  },
  {
    id: 'other-namespaces',
    what: 'makes mount, network, process, IPC, UTS and cgroup namespaces',
    program: `my @made = grep { try('unshare', $_) == 0 } 0x00020000, 0x40000000, 0x20000000, 0x08000000, 0x04000000, 0x02000000;
      @made ? escaped scalar(@made) . ' made' : contained 'none';`,
  },
  cgroup(1, [
    ['freezer.state', 'FROZEN'],
    ['cgroup.procs', '1'],
  ]),
  cgroup(2, [
    ['cgroup.freeze', '1'],
    ['cgroup.kill', '1'],
    ['cgroup.procs', '1'],
  ]),
  {
    id: 'devices-allow',
    what: 'mounts the device controller and allows itself every device',
    program: `${NESTED} my ($source, $target, $type, $options) = ('none', '/opt', 'cgroup', 'devices'); mkdir $target;
      try('mount', $source, $target, $type, 0, $options) == 0 or contained 'not mounted';
      for (glob('/opt/nixpack-attack*/devices.allow'), '/opt/devices.allow') { escaped $_ if written($_, 'a') } contained 'not written';`,
  },
  {
    id: 'release-agent',
    what: 'sets a release agent, which the host would run as root',
    program: `${NESTED} my ($source, $target, $type, $options) = ('none', '/opt', 'cgroup', 'freezer'); mkdir $target;
      try('mount', $source, $target, $type, 0, $options) == 0 or contained 'not mounted';
      sysopen(my $agent, '/opt/release_agent', 1) ? escaped 'open for writing' : contained 'not open';`,
  },
  ...['proc', 'sysfs', 'tmpfs', 'devpts', 'mqueue', 'debugfs', 'tracefs', 'bpf'].map((type) => ({
    id: `mount-${type}`,
    what: `mounts ${type}`,
    program: `${NESTED} ${mounted(type)} ? escaped 'mounted' : contained 'refused';`,
  })),
  {
    id: 'mount-overlay',
    what: 'mounts an overlay over the root',
    program: `${NESTED} my ($source, $target, $type, $options) = ('none', '/opt', 'overlay', 'lowerdir=/:/etc'); mkdir $target;
      try('mount', $source, $target, $type, 0, $options) == 0 ? escaped 'mounted' : contained 'refused';`,
  },
  {
    id: 'new-mount-calls',
    what: 'mounts through fsopen and open_tree',
    program: `${NESTED} my ($type, $root) = ('tmpfs', '/'); try('fsopen', $type, 0) >= 0 and escaped 'fsopen';
      try('open_tree', -100, $root, 0x80001) >= 0 and escaped 'open_tree with a copy'; contained 'refused';`,
  },
  {
    id: 'remount-writable',
    what: 'makes `/proc/sys` and `/sys` writable again',
    program: `${NESTED} for my $place ('/proc/sys', '/sys', '/proc') { my $target = $place; my $none = 'none';
      escaped $place if try('mount', $none, $target, 0, 0x1020, 0) == 0 } contained 'refused';`,
  },
  {
    id: 'uncover',
    what: 'takes away what covers `/proc/kcore`, `/proc/sys` and `/dev`',
    program: `${NESTED} for my $place ('/proc/kcore', '/proc/sys', '/dev', '/tmp', '/run') { my $target = $place;
      escaped $place if try('umount2', $target, 2) == 0 } contained 'refused';`,
  },
  {
    id: 'pivot-root',
    what: 'changes the root directory with pivot_root',
    program: `${NESTED} my ($new, $old) = ('/tmp', '/tmp'); try('pivot_root', $new, $old) == 0 ? escaped 'changed' : contained 'refused';`,
  },
  {
    id: 'chroot-escape',
    what: 'leaves by chroot, a kept directory handle and `..`',
    program: `opendir(my $here, '/'); mkdir '/tmp/jail'; chroot '/tmp/jail'; chdir $here; chdir '..' for 1 .. 64; chroot '.';
      -e "$ENV{HOST_DIRECTORY}/canary" ? escaped "found $ENV{HOST_DIRECTORY}" : contained 'still in its own root';`,
  },
  ...['mnt', 'pid', 'net', 'user', 'cgroup'].map((kind) => ({
    id: `setns-${kind}`,
    what: `joins the ${kind} namespace of another process`,
    program: `my $own = readlink '/proc/self/ns/${kind}';
      for my $pid (outside()) { my $file = "/proc/$pid/ns/${kind}"; my $other = readlink $file;
        next if $other eq $own or !sysopen(my $handle, $file, 0);
        escaped "that of process $pid" if try('setns', fileno $handle, 0) == 0 } contained 'none can be joined';`,
  })),
  {
    id: 'capabilities',
    what: 'takes capabilities back with capset',
    program: `my ($header, $all) = (pack('LL', 0x20080522, 0), pack('L6', (0xffffffff) x 6));
      try('capset', $header, $all) == 0 and escaped 'all of them';
      my ($bounding) = content('/proc/self/status') =~ /CapBnd:\\s*(\\S+)/; my $dangerous = hex('0x' . $bounding) & 0x1ff47fbd204;
      $dangerous ? escaped sprintf('keeps %x', $dangerous) : contained 'none of those that reach the host';`,
  },
];
