import { homedir } from 'node:os';
import type { HttpTransport } from '@nx-nixpack/base';
import type { ChannelAccess } from '@nx-nixpack/channels';
import { Store } from '@nx-nixpack/oci';
import { hostNetwork } from '../host-network.js';
import { undiciTransport } from '../undici-transport.js';
import { channelMirrors } from './channel-mirrors.js';
import { channelMemory } from './channel-memory.js';
import { clientDefaults } from './client-defaults.js';

export interface ChannelHost {
  readonly storeDirectory: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly transport?: HttpTransport;
  readonly signal?: AbortSignal;
}

/** How channels are reached from this machine. Throws UserError CONFIG_INVALID_VALUE for a setting that cannot be read. */
export function channelAccess(host: ChannelHost): ChannelAccess {
  const { environment = process.env, home = homedir(), signal } = host;
  const network = hostNetwork(environment, home);
  return {
    transport: host.transport ?? undiciTransport({ idleMs: 60_000 }),
    ...channelMirrors(network, environment, clientDefaults(environment)),
    memory: channelMemory(Store.open(host.storeDirectory).area('channels')),
    ...(signal ? { signal } : {}),
  };
}
