import type { ErrorCode } from '@nx-nixpack/base';
import type { Reply } from '../exchange.js';
import type { Fault, FaultAction } from '../faults.js';
import type { RegistryOptions, TestRegistry } from '../start-registry.js';

/** What goes wrong between a client and its registry, and what has to come of it. */
export interface FaultCase {
  readonly name: string;
  readonly flow: 'pull' | 'push';
  /** `recover`: the flow ends as if nothing had happened. A code: it is refused with this one. */
  readonly verdict: 'recover' | ErrorCode;
  readonly options?: RegistryOptions | undefined;
  /** Milliseconds of patience, where something is silent; those of the client where absent. */
  readonly limits?: { readonly silenceMs: number; readonly standstillMs: number };
  /** The registry lies, so that what the client then does in good faith is a violation. */
  readonly isMisled?: boolean;
  /** Sets the faults; `at` decides where they hit. */
  readonly prepare: (registry: TestRegistry, at: Seeded) => void;
}

/** Choices that depend on a seed alone. */
export interface Seeded {
  /** A whole number from 0 to `end` - 1. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T;
}

/** mulberry32: small, and the same everywhere. */
export function seeded(seed: number): Seeded {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return { below, pick: (items) => items[below(items.length)] as (typeof items)[number] };
}

/** Every request there is. */
export const ALWAYS = 9999;
export const BLOBS = /\/blobs\/sha256/;
export const MANIFESTS = /\/manifests\//;
export const UPLOADS = /\/blobs\/uploads\//;
export const TOKENS = /^\/token$/;
/** Statuses that pass. */
export const TRANSIENT = [408, 425, 429, 499, 500, 502, 503, 504, 522];

export const reply = (status: number, rest: Omit<Reply, 'status'> = {}): FaultAction => ({
  kind: 'reply',
  reply: { status, ...rest },
});

export const change = (edit: (reply: Reply) => Reply): FaultAction => ({
  kind: 'change',
  change: edit,
});

export const withHeaders = (headers: Record<string, string>): FaultAction =>
  change((answer) => ({ ...answer, headers: { ...answer.headers, ...headers } }));

/** Faults that depend on nothing. */
export const fixed =
  (...faults: readonly Fault[]): FaultCase['prepare'] =>
  (registry) => {
    for (const fault of faults) registry.addFault(fault);
  };
