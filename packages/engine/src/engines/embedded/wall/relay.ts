import type { Runner } from '@nx-nixpack/base';
import type { HostNetwork } from '../../engine.js';

export interface NetworkPorts {
  readonly runner: Runner;
  /** A directory in memory that only this build sees. */
  readonly private: string;
  readonly host: HostNetwork;
  readonly warn: (text: string) => void;
}

/** Carries packets between a network namespace and the outside. */
export interface Relay {
  readonly program: string;
  /** Resolves when packets pass, with the name server to ask; rejects when it cannot run here. */
  start(ports: NetworkPorts, namespace: string): Promise<{ nameserver: string }>;
}
