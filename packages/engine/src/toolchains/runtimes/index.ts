import type { Runtime } from './runtime.js';

/** Every runtime that `toolchain: debian` can bring. */
export const RUNTIMES: readonly Runtime[] = [];
