import type { Engine } from './engine.js';
import type { EngineHost } from './engine-host.js';
import { embeddedEngine } from './embedded/embedded-engine.js';

/** Every engine, in order of preference. */
export const ENGINES: readonly ((host: EngineHost) => Engine)[] = [embeddedEngine];
