import { networkInterfaces } from 'node:os';
import type { Relay } from './relay.js';
import { untilLine } from './until-line.js';

/** It says that it is ready with one byte on a descriptor, which the shell makes a line of. */
const SCRIPT = 'exec 3> >(head -c 1 >/dev/null; echo ready); exec slirp4netns --ready-fd=3 "$@"';

/** User-mode networking that container tools use for users without root. Its name server asks the machine's. */
export const slirp4netns: Relay = {
  program: 'slirp4netns',
  async start({ runner }, namespace) {
    const prefix = freePrefix(hostPrefixes());
    const options = ['--configure', '--mtu=65520', `--cidr=${prefix}.0/24`];
    const walls = ['--disable-host-loopback', '--enable-sandbox', '--enable-seccomp'];
    const args = ['-c', SCRIPT, 'slirp4netns', ...options, ...walls];
    args.push('--netns-type=path', namespace, 'tap0');
    await untilLine(runner, { file: 'bash', args }, 'ready');
    return { nameserver: `${prefix}.3` };
  },
};

/** Networks that few people have; the usual 10.0.2.0/24 is also that of virtual machines. */
const PREFIXES = ['10.207.94', '172.29.207', '192.168.207'];

const freePrefix = (taken: ReadonlySet<string>): string =>
  PREFIXES.find((prefix) => !taken.has(prefix)) ?? '10.207.94';

const hostPrefixes = (): Set<string> =>
  new Set(
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address.split('.').slice(0, 3).join('.')),
  );
