import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { REACH, type Reach, reachOf } from './address-reach.js';

/** Resolves a name to all of its addresses. */
export type Resolve = (
  hostname: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/**
 * Name resolution that notes how far the addresses of a host reach, and refuses those that reach less far than it is told.
 * The address that was judged is the one that is connected to: a name that changes in between gains nothing.
 */
export class GuardedLookup {
  readonly #resolve: Resolve;
  readonly #reaches = new Map<string, Reach>();

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  /** How far the addresses of a host reach; undefined for a name that was not resolved here (a proxy did, or nobody yet). */
  reach({ hostname }: URL): Reach | undefined {
    return literal(hostname) ?? this.#reaches.get(hostname);
  }

  /** For sockets. Addresses are never looked up, so whoever connects to one asks `reach` first. */
  atLeast(least: Reach): LookupFunction {
    return (hostname, options, done) =>
      this.#resolve(hostname, (error, addresses) => {
        const [first] = addresses;
        if (error || first === undefined) return done(error ?? new Error('no address'), '', 0);
        const reach = Math.min(...addresses.map(({ address }) => reachOf(address))) as Reach;
        this.#reaches.set(hostname, reach);
        if (reach < least) return done(privateAddress(hostname), '', 0);
        if (options.all) return done(null, [...addresses]);
        return done(null, first.address, first.family);
      });
  }
}

function literal(hostname: string): Reach | undefined {
  const isAddress = hostname.startsWith('[') || isIP(hostname) !== 0;
  return isAddress ? reachOf(hostname) : undefined;
}

/**
 * What an address that `namedBy` led to has to reach: as far as that server itself. Link-local addresses and those of this
 * machine are for servers there; a server whose address is not known counts as one of the world.
 */
export const leastReach = (namedBy: Reach | undefined): Reach => namedBy ?? REACH.world;

export const privateAddress = (hostname: string): Error =>
  Object.assign(new Error(`${hostname} is an address of a private network`), {
    code: 'ERR_PRIVATE_ADDRESS',
  });
