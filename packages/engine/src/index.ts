export type { BuildOutcome, BuildRequest, Engine, HostNetwork, Readiness } from './engine.js';
export type {
  BaseName,
  CacheMount,
  LayerName,
  Ownership,
  Recipe,
  SecretName,
  Stage,
  StageName,
  Step,
} from './recipe.js';
export { lower } from './lower.js';
export type {
  BaseFacts,
  Bases,
  DevDependencies,
  LentSecret,
  LowerSettings,
} from './lowering/settings.js';
export { chooseEngine } from './choose-engine.js';
export { ENGINES } from './engines/index.js';
export { embeddedEngine } from './engines/embedded/embedded-engine.js';
export type { EmbeddedEngineOptions } from './engines/embedded/embedded-engine.js';
export { embeddedWorker } from './engines/embedded/worker-process.js';
