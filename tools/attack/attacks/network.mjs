/** Says whether the canary of the host answers at an address. */
export const connect = (address, port) =>
  `socket(my $socket, 2, 1, 0); my $to = pack('SnC4x8', 2, ${port}, split /\\./, ${address});
   local $SIG{ALRM} = sub { contained 'no answer' }; alarm 8;
   connect($socket, $to) or contained 'not reached'; my $line = <$socket>; $line =~ /canary/ ? escaped 'answered' : contained 'something else answered';`;

export const NETWORK = [
  {
    id: 'loopback-service',
    what: "connects to a service on the host's loopback",
    network: true,
    program: connect("'127.0.0.1'", '$ENV{PORT}'),
  },
  {
    id: 'gateway-service',
    what: "reaches the host's loopback through the gateway of its network",
    network: true,
    program: `my ($gateway) = map { join '.', reverse unpack 'C4', pack 'H8', $_ } (content('/proc/net/route') =~ /^\\S+\\s+00000000\\s+(\\w{8})/m);
      $gateway = join '.', reverse split /\\./, $gateway if unpack('S', "\\1\\0") != 1; defined $gateway or contained 'no gateway';
      ${connect('$gateway', '$ENV{PORT}')}`,
  },
  {
    id: 'host-address-service',
    what: 'connects to a service on another address of the host',
    network: true,
    program: connect('$ENV{HOST_ADDRESS}', '$ENV{PORT}'),
  },
  {
    id: 'idle-address-service',
    what: 'connects to a service on an address of an idle bridge of the host',
    network: true,
    program: connect('$ENV{IDLE_ADDRESS}', '$ENV{PORT}'),
  },
  {
    id: 'link-local-service',
    what: 'connects to a link-local address, where clouds keep the credentials of a machine',
    network: true,
    program: connect('$ENV{LINK_LOCAL}', '$ENV{PORT}'),
  },
  {
    id: 'abstract-socket',
    what: 'connects to an abstract socket of the host',
    network: true,
    program: `socket(my $socket, 1, 1, 0); my $to = pack('S', 1) . "\\0" . $ENV{ABSTRACT};
      connect($socket, $to) ? escaped 'connected' : contained 'not reached';`,
  },
  {
    id: 'socket-files',
    what: 'connects to socket files of the host (docker, containerd, D-Bus, systemd, a canary)',
    network: true,
    program: `for my $path ("$ENV{HOST_DIRECTORY}/socket", qw(/run/docker.sock /var/run/docker.sock /run/containerd/containerd.sock /run/dbus/system_bus_socket /run/systemd/private)) {
      socket(my $socket, 1, 1, 0); my $to = pack('Sa*x', 1, $path); escaped $path if connect($socket, $to) } contained 'none';`,
  },
  {
    id: 'packet-socket',
    what: 'listens to packets',
    network: true,
    program: `socket(my $socket, 17, 3, 0x0300) ? escaped 'opened' : contained 'refused';`,
  },
  {
    id: 'raw-socket',
    what: 'sends raw packets',
    network: true,
    program: `for my $protocol (1, 255) { socket(my $socket, 2, 3, $protocol) and escaped 'opened' } contained 'refused';`,
  },
  {
    id: 'virtual-socket',
    what: 'talks to the hypervisor (AF_VSOCK)',
    network: true,
    program: `socket(my $socket, 40, 1, 0) ? escaped 'opened' : contained 'refused';`,
  },
  {
    id: 'odd-families',
    what: 'opens sockets of families that no build needs (kernel crypto, RDS, TIPC, Bluetooth, CAN, XDP, …)',
    network: true,
    program: `for my $family (3 .. 9, 11 .. 15, 17 .. 46) { for my $type (1, 2, 3, 5) { socketpair(my $one, my $other, $family, $type, 0) and escaped "a pair of family $family"; socket(my $socket, $family, $type, 0) and escaped "family $family" } } contained 'none';`,
  },
  {
    id: 'network-settings',
    what: 'changes routes and addresses of its network',
    network: true,
    program: `socket(my $socket, 16, 3, 0) or contained 'no netlink';
      my $route = pack('CCCCCCCCL', 2, 16, 0, 0, 254, 4, 0, 7, 0) . pack('SSC4', 8, 1, 169, 254, 0, 0); my $message = pack('LSSLL', 16 + length $route, 25, 5, 1, 0) . $route;
      syswrite $socket, $message; sysread $socket, my $answer, 4096; my ($error) = unpack 'x16 l', $answer;
      $! = -$error; $error == -1 ? contained 'refused' : escaped "the answer is $error";`,
  },
  {
    id: 'port-of-another-build',
    what: 'listens on an address of the host, where others would take it for a service',
    network: true,
    program: `socket(my $socket, 2, 1, 0); setsockopt($socket, 1, 2, 1); my $at = pack('SnC4x8', 2, $ENV{FREE_PORT}, 0, 0, 0, 0);
      bind($socket, $at) and listen($socket, 1) or contained 'not bound'; print "listening\\n"; select undef, undef, undef, 1.5; $! = 0; contained 'listened, and the host decides';`,
    whileRunning: (host) => host.reachesFreePort(),
  },
];
