import type { Engine } from './engine.js';
import { embeddedEngine, type EmbeddedEngineOptions } from './embedded/embedded-engine.js';

/** Every engine, in order of preference. */
export const ENGINES: readonly ((options: EmbeddedEngineOptions) => Engine)[] = [embeddedEngine];
