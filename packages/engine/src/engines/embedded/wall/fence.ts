import type { Runner } from '@nx-nixpack/base';
import { runProgram } from '../programs.js';
import type { Endpoint } from './own-endpoints.js';

/** Where clouds hand out a machine's own credentials: link-local addresses (RFC 3927), and those of Azure and Alibaba Cloud. */
const METADATA = ['169.254.0.0/16', '168.63.129.16', '100.100.100.200'];

/**
 * Forbids the ways from a step's network to this machine's own addresses, which a relay would reach like any other. An
 * address with a service that is open to steps becomes one of the step's own loopback, where only that port is served.
 */
export async function fence(
  runner: Runner,
  enter: readonly string[],
  own: readonly string[],
  open: readonly Endpoint[],
): Promise<void> {
  const served = own.filter((address) => open.some((endpoint) => endpoint.address === address));
  const closed = [...METADATA, ...own.filter((address) => !served.includes(address))];
  const commands = [
    ...served.map((address) => `address replace ${address}/32 dev lo\n`),
    ...[...new Set(closed)].map((to) => `route replace prohibit ${to}\n`),
    'link set lo up\n',
  ];
  const [file = '', ...args] = enter;
  await runProgram(runner, file, [...args, 'ip', '-batch', '-'], { input: commands.join('') });
}
