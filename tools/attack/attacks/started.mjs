import { spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './network.mjs';
import { PROCESSES } from './processes.mjs';

/** Attacks of a build step that a program of the image tries as well, when it is started once after the build. */
const AGAIN = ['host-files', 'host-processes', 'first-process-files', 'inherited-descriptors'];

const started = (attack) => ({
  ...attack,
  id: `started-${attack.id}`,
  what: `a started image: ${attack.what}`,
  started: true,
});

export const STARTED = [
  ...PROCESSES.filter(({ id }) => AGAIN.includes(id)).map(started),
  started({
    id: 'loopback-service',
    what: "connects to a service on the host's loopback",
    program: connect("'127.0.0.1'", '$ENV{PORT}'),
  }),
  started({
    id: 'host-address-service',
    what: 'connects to a service on another address of the host',
    program: connect('$ENV{HOST_ADDRESS}', '$ENV{PORT}'),
  }),
  started({
    id: 'abstract-socket',
    what: 'connects to an abstract socket of the host',
    program: `socket(my $socket, 1, 1, 0); my $to = pack('S', 1) . "\\0" . $ENV{ABSTRACT};
      connect($socket, $to) ? escaped 'connected' : contained 'not reached';`,
  }),
  started({
    id: 'leftover-process',
    what: 'leaves many processes that go on after it was stopped',
    program: `for (1 .. 50) { next if fork; require POSIX; POSIX::setsid(); $SIG{$_} = 'IGNORE' for qw(HUP INT TERM); close STDOUT; close STDERR; $0 = $ENV{LEFTOVER};
        sleep 1 for 1 .. 600; exit 0 } contained 'started';`,
    hostHarmed: (host) => host.hasLeftover(),
  }),
  started({
    id: 'kept-files',
    what: 'leaves files where later builds or other images see them',
    program: `for ('', '/app', '/root/.cache', '/tmp', '/run', '/var/tmp') { if (open(my $file, '>', "$_/$ENV{LEFTOVER}")) { print {$file} 'x' } } $! = 0; contained 'written';`,
    hostHarmed: (host, storage) =>
      spawnSync('find', [storage, '-name', `${host.name}-leftover`], { encoding: 'utf8' })
        .stdout !== '',
  }),
  started({
    id: 'links-of-the-image',
    what: 'has links on the way to what the run user shall own, and to what is taken away',
    before: `rm -rf /home && ln -s "$HOST_DIRECTORY" /home`,
    owned: ['/home/canary'],
    program: `$! = 0; contained 'its files are its own';`,
    hostHarmed: (host) => lstatSync(join(host.directory, 'canary')).uid !== 0,
  }),
];
