import type { Socket } from 'node:net';
import type { Exchange, Reply } from './exchange.js';

/** What goes wrong with one request. */
export type FaultAction =
  /** Answered so instead of being carried out. */
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** The connection is reset after so many bytes of the request's body were taken. */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /** Carried out as if the request had no Range. */
  | { readonly kind: 'ignore-range' }
  /** Carried out, but the connection is reset before the answer. */
  | { readonly kind: 'lose-reply' }
  /** The answer is cut after so many bytes of its body; `clean` closes without a declared length. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly clean?: boolean }
  /** Nothing is ever answered. */
  | { readonly kind: 'silence' }
  /** The answer is sent up to so many bytes and then nothing more. */
  | { readonly kind: 'stall'; readonly afterBytes?: number }
  /** The answer is changed before it is sent. */
  | { readonly kind: 'change'; readonly change: (reply: Reply) => Reply }
  /** Carried out, but the answer is written to the connection by hand, which may break HTTP. */
  | { readonly kind: 'raw'; readonly write: (socket: Socket, reply: Reply) => void }
  /** Runs first; the request is then carried out as usual. */
  | { readonly kind: 'before'; readonly run: () => void };

export interface Fault {
  readonly method?: string;
  readonly path?: RegExp;
  /** Only requests for a part of something. */
  readonly ranged?: boolean;
  /** So many matching requests pass first. Default 0. */
  readonly skip?: number;
  /** So many requests are hit. Default 1. */
  readonly times?: number;
  readonly action: FaultAction;
}

/** Faults in order; each request meets the first that matches. */
export class Faults {
  readonly #pending: { fault: Fault; skip: number; times: number }[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  take({ method, path, headers }: Exchange): FaultAction | undefined {
    for (const entry of this.#pending) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.path !== undefined && !fault.path.test(path)) continue;
      if (fault.ranged === true && headers.range === undefined) continue;
      if (entry.skip-- > 0) continue;
      if (entry.times-- > 0) return fault.action;
    }
    return undefined;
  }
}
