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
export { explainLowering } from './lowering/explain.js';
export type { BaseFacts, Bases, DevDependencies, LowerSettings } from './lowering/settings.js';
