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
