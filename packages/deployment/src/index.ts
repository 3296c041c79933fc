export { checkWorkspace } from './check-workspace.js';
export type { WorkspaceFacts } from './check-components.js';
export type {
  Component,
  ComponentId,
  ComponentType,
  ConsumerComponent,
  Deployment,
  EngineName,
  ImageVars,
  NixpackComponent,
  NixpackSettings,
  NixpackVars,
  SbomFormat,
  Target,
} from './component.js';
export { findCycles, waves } from './graph.js';
export { loadDeployment } from './load-deployment.js';
export type { LoadedDeployment, LoadInput } from './load-deployment.js';
export { componentWaves, findTarget, targetValues } from './targets.js';
export { parseTemplate, renderTemplate, templatePaths } from './template.js';
