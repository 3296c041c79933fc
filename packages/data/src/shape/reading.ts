import type { ErrorCode } from '@nx-nixpack/base';
import type { DataNode } from '../formats/data-node.js';
import { byKey, pathText, type Naming, type Path } from './path.js';

/** What is wrong with a document, at one place of it. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  /** What to write instead, when there is something to write. */
  readonly hint: string;
  /** Of the text that the node was read from (UTF-16 units). */
  readonly offset: number;
  /** `a.b[0].c` from the root; '' is the root. */
  readonly path: string;
  /** Offsets of further places that belong to it. */
  readonly related?: readonly number[];
}

/** What the author of a shape reports; place and code have defaults. */
export interface FaultText {
  readonly message: string;
  readonly hint?: string;
  readonly code?: ErrorCode;
  readonly offset?: number;
}

export interface ReadingOptions {
  /** How messages call a value; default its key, quoted. */
  readonly naming?: Naming;
  /** What else shapes may ask: see `contextOf`. */
  readonly context?: ReadonlyMap<symbol, unknown>;
}

/** One pass over one document: collects the faults and lends shapes what they ask. */
export class Reading {
  readonly faults: Fault[] = [];
  readonly #naming: Naming;
  readonly #context: ReadonlyMap<symbol, unknown>;

  constructor({ naming = byKey('The document'), context = new Map() }: ReadingOptions = {}) {
    this.#naming = naming;
    this.#context = context;
  }

  /** Notes a fault; always undefined, so that a shape can return it. */
  report(at: { readonly node: DataNode; readonly path: Path }, fault: FaultText): undefined {
    const { code = 'CONFIG_INVALID_VALUE', hint = '', message, offset = at.node.offset } = fault;
    this.faults.push({ code, message, hint, offset, path: pathText(at.path) });
  }

  nameOf(path: Path): string {
    return this.#naming(path);
  }

  contextOf<T>(key: ContextKey<T>): T {
    if (!this.#context.has(key.symbol)) throw new Error(`a shape needs ${key.symbol.toString()}`);
    return this.#context.get(key.symbol) as T;
  }

  /** A reading of the same document whose faults are its own. */
  apart(): Reading {
    return new Reading({ naming: this.#naming, context: this.#context });
  }
}

/** Names what a shape asks its reading, with its type. */
export interface ContextKey<T> {
  readonly symbol: symbol;
  /** Never set: carries the type. */
  readonly type?: T;
}

export const contextKey = <T>(name: string): ContextKey<T> => ({ symbol: Symbol(name) });
