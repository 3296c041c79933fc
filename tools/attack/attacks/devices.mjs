const node = (type, path, numbers) =>
  `my $path = ${path}; unlink $path; $! = 0;
   try('mknodat', -100, $path, ${type === 'b' ? '0060666' : '0020666'}, ${numbers}) < 0 and contained 'no node';
   sysopen(my $device, $path, 2) or contained 'the node does not open';`;
/** As makedev(3) puts both numbers into one, for those below 256. */
const numbers = (major, minor) => `(${major} << 8) | ${minor}`;

export const DEVICES = [
  {
    id: 'block-device-dev',
    what: 'writes to a block device of the host through a node of its own in `/dev`',
    program: `${node('b', "'/dev/stolen'", '(7 << 8) | $ENV{LOOP_MINOR}')}
      syswrite $device, 'EVIL' x 128; close $device; escaped 'the device is open for writing';`,
    hostHarmed: (host) => host.deviceChanged(),
  },
  {
    id: 'block-device-root',
    what: 'the same with a node in the root, `/var` and the working directory',
    program: `for my $place ('/stolen', '/var/stolen', './stolen') { my $node = $place;
      next if try('mknodat', -100, $node, 0060666, (7 << 8) | $ENV{LOOP_MINOR}) < 0;
      if (sysopen(my $device, $node, 2)) { syswrite $device, 'EVIL' x 128; escaped "through $place" } unlink $node }
      contained 'no node opens';`,
    hostHarmed: (host) => host.deviceChanged(),
  },
  {
    id: 'block-device-memory',
    what: 'the same with a node in `/tmp`, `/run` and `/dev/shm`',
    program: `for my $place ('/tmp/stolen', '/run/stolen', '/dev/shm/stolen') { my $node = $place;
      next if try('mknodat', -100, $node, 0060666, (7 << 8) | $ENV{LOOP_MINOR}) < 0;
      if (sysopen(my $device, $node, 2)) { syswrite $device, 'EVIL' x 128; escaped "through $place" } unlink $node }
      contained 'no node opens';`,
    hostHarmed: (host) => host.deviceChanged(),
  },
  {
    id: 'kvm',
    what: 'opens `/dev/kvm` through a node of its own',
    program: `${node('c', "'/dev/stolen'", numbers(10, 232))} escaped 'open for writing';`,
  },
  {
    id: 'memory-device',
    what: 'opens `/dev/mem` and `/dev/port` through nodes of its own',
    program: `for my $minor (1, 4) { my $node = "/dev/memory$minor";
      next if try('mknodat', -100, $node, 0020666, (1 << 8) | $minor) < 0;
      escaped "minor $minor is open" if sysopen(my $device, $node, 2) } contained 'neither opens';`,
  },
  {
    id: 'loop-control',
    what: 'opens `/dev/loop-control` through a node of its own',
    program: `${node('c', "'/dev/stolen'", '(10 << 8) | 237')} escaped 'open for writing';`,
  },
  {
    id: 'tun-device',
    what: 'opens `/dev/net/tun` through a node of its own',
    program: `${node('c', "'/dev/stolen'", '(10 << 8) | 200')} escaped 'open for writing';`,
  },
  {
    id: 'kernel-log-device',
    what: 'writes to the kernel log through a node of its own',
    program: `${node('c', "'/dev/stolen'", '(1 << 8) | 11')} syswrite($device, "nixpack attack suite\\n") ? escaped 'written' : contained 'not written';`,
  },
  {
    id: 'host-devices-visible',
    what: "finds the host's own device nodes",
    program: `for (qw(/dev/kvm /dev/mem /dev/net/tun /dev/loop-control), "/dev/loop$ENV{LOOP_MINOR}", '/dev/fuse', '/dev/kmsg')
      { sysopen(my $device, $_, 0) and escaped "$_ opens" } contained 'none opens';`,
  },
  {
    id: 'terminal-injection',
    what: 'pushes key strokes into the terminal of whoever builds (TIOCSTI)',
    program: `sysopen(my $terminal, '/dev/tty', 2) or contained 'no terminal'; my $key = '#';
      ioctl($terminal, 0x5412, $key) ? escaped 'pushed' : contained 'refused';`,
  },
];
