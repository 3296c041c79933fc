import type { Runner } from '@nx-nixpack/base';
import { urlsOf } from '../../../host-facts/index.js';
import type { HostNetwork } from '../../engine.js';
import { runProgram } from '../programs.js';

/** A service of this machine that its owner has named for builds. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * The addresses and ranges that this machine answers to, but for 127.0.0.0/8. The kernel's table is asked: interfaces
 * without a carrier, such as idle bridges, answer too and are in no other list.
 */
export async function ownAddresses(runner: Runner): Promise<string[]> {
  const table = ['-4', 'route', 'show', 'table', 'local', 'type', 'local'];
  const { stdout } = await runProgram(runner, 'ip', table);
  const named = stdout.toString('utf8').matchAll(/^(?:local )?(\d+\.\S+)/gm);
  return [...named].map(([, address]) => address ?? '').filter((one) => !one.startsWith('127.'));
}

/** Services on the loopback, and those of proxies and mirrors that are named by one of the machine's own addresses. */
export function namedEndpoints(host: HostNetwork, own: readonly string[]): Endpoint[] {
  const ofUrls = urlsOf(host)
    .filter(({ hostname }) => own.includes(hostname))
    .map(({ hostname, port, protocol }) => ({ address: hostname, port: portOf(port, protocol) }));
  const ofLoopback = host.loopbackPorts.map((port) => ({ address: '127.0.0.1', port }));
  const all = [...ofLoopback, ...ofUrls].map((one) => [`${one.address}:${one.port}`, one] as const);
  return [...new Map(all).values()];
}

const portOf = (port: string, protocol: string): number =>
  Number(port || (protocol === 'https:' ? 443 : 80));
