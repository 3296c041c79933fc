import type { HttpTransport, Progress } from '@nx-nixpack/base';
import type { CredentialSource } from '../credentials/credential-source.js';
import type { TokenServers } from './realm-policy.js';

/** What talking to registries needs. */
export interface RegistryAccess {
  readonly transport: HttpTransport;
  readonly credentials: CredentialSource;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Waits before another try. Default: a timer. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that never jumps, for the age of tokens and for patience. */
  readonly now?: () => number;
  readonly limits?: RegistryLimits;
  /** Token servers that get credentials beyond those that the realm policy trusts. */
  readonly tokenServers?: TokenServers;
}

/** Where an image lies, without saying which one. */
export interface Repository {
  /** `host[:port]`. */
  readonly registry: string;
  readonly repository: string;
}

/** How long a registry may leave us waiting, in milliseconds. */
export interface RegistryLimits {
  /** Without a byte in either direction in one try, connecting included. Default 20 s. */
  readonly silenceMs: number;
  /**
   * Without progress, over all tries of one piece of work and the pauses between them. Default 48 s: with the canceling
   * of an upload (5 s at most) and what timers and closing take, nobody waits a minute for nothing.
   */
  readonly standstillMs: number;
}
