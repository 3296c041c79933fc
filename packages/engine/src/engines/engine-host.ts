import type { Runner } from '@nx-nixpack/base';

/** What every engine is given of the machine and of whoever uses it. */
export interface EngineHost {
  readonly runner: Runner;
  /** Where builds will keep their files; absent when nobody knows yet, and a probe tries elsewhere. */
  readonly storeDirectory?: string;
  /** How a part of an engine is started that needs a process of its own, with the same runner, by the engine's name. */
  worker(engine: string): { readonly file: string; readonly args: readonly string[] };
}
