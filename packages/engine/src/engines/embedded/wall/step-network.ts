import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOnPath, runProgram } from '../programs.js';
import { fence } from './fence.js';
import { forward } from './forward.js';
import { namedEndpoints, ownAddresses } from './own-endpoints.js';
import { pasta } from './pasta.js';
import type { NetworkPorts, Relay } from './relay.js';
import { slirp4netns } from './slirp4netns.js';

/** The network of the steps of one build that have one. It ends with the worker that opened it. */
export interface StepNetwork {
  /** Put before a program to start it there. Empty when the machine's own network is all there is. */
  readonly enter: readonly string[];
  readonly resolvConf: string;
}

/** Order is preference. */
export const RELAYS: readonly Relay[] = [slirp4netns, pasta];

/**
 * A network of its own that leads outward only: neither to the loopback and other addresses of this machine, nor to
 * link-local ones, where clouds keep credentials of the machine. Where no relay can run, the machine's network is
 * shared, and `warn` is told what that means and what to install.
 */
export async function openNetwork(
  ports: NetworkPorts,
  relays: readonly Relay[] = RELAYS,
): Promise<StepNetwork> {
  const refusals: string[] = [];
  for (const relay of relays) {
    const missing = [relay.program, 'ip'].filter((program) => !isOnPath(program));
    if (missing.length > 0) refusals.push(`${missing.join(' and ')} not found`);
    else if (!existsSync('/dev/net/tun')) refusals.push(`${relay.program} needs /dev/net/tun`);
    else {
      const opened = await through(relay, ports).catch((error: unknown) => {
        refusals.push(`${relay.program}: ${firstLine(error)}`);
        return undefined;
      });
      if (opened) return opened;
    }
  }
  ports.warn(
    `steps with network share the network of this machine, its loopback services included (${refusals.join('; ')}). ` +
      'Install slirp4netns and iproute2 to shut them out.',
  );
  return { enter: [], resolvConf: ports.host.resolvConf };
}

async function through(relay: Relay, ports: NetworkPorts): Promise<StepNetwork> {
  const namespace = join(ports.private, `network-${relay.program}`);
  writeFileSync(namespace, '');
  await runProgram(ports.runner, 'unshare', [`--net=${namespace}`, 'true']);
  const enter = ['nsenter', `--net=${namespace}`, '--'];
  const { nameserver } = await relay.start(ports, namespace);
  const own = await ownAddresses(ports.runner);
  const open = namedEndpoints(ports.host, own);
  await fence(ports.runner, enter, own, open);
  await forward(ports, enter, open);
  return { enter, resolvConf: resolvConf(ports.host.resolvConf, nameserver) };
}

/** What else resolv.conf(5) says stays: search domains and options. */
function resolvConf(text: string, nameserver: string): string {
  const kept = text.split('\n').filter((line) => /^\s*(search|domain|options)\s/.test(line));
  return `${[`nameserver ${nameserver}`, ...kept].join('\n')}\n`;
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
