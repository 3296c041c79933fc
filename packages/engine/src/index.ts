export type {
  BuildOutcome,
  BuildRequest,
  Engine,
  HostNetwork,
  HttpAnswer,
  Listener,
  Readiness,
  StartOptions,
  StartOutcome,
  StartRequest,
} from './engines/engine.js';
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
} from './recipe/recipe.js';
export { basePrograms } from './fit/base-programs.js';
export { checkFit } from './fit/check-fit.js';
export { lower } from './recipe/lower.js';
export type {
  BaseFacts,
  Bases,
  DevDependencies,
  LentSecret,
  LowerSettings,
} from './recipe/settings.js';
export { chooseEngine } from './engines/choose-engine.js';
export { ENGINES } from './engines/index.js';
export type { EngineHost } from './engines/engine-host.js';
export { composeDebian } from './toolchains/debian/compose.js';
export { provisionRequest } from './toolchains/debian/request.js';
export type { ProvisionRequest } from './toolchains/debian/request.js';
export { provision } from './toolchains/provision.js';
export type { Provision, ResolvedRuntime } from './toolchains/provision.js';
export { RUNTIMES } from './toolchains/runtimes/index.js';
export type {
  Runtime,
  RuntimeChoice,
  RuntimeSources,
  RuntimeSteps,
} from './toolchains/runtimes/runtime.js';
export { findToolchain } from './toolchains/find-toolchain.js';
export type { Toolchain } from './toolchains/toolchain.js';
export { parseLayerParts } from './engines/embedded/layers/layer-record.js';
export { embeddedWorker } from './engines/embedded/worker/worker-process.js';
