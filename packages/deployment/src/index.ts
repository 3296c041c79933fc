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
  Secret,
  Target,
} from './component.js';
export { loadDeployment } from './load-deployment.js';
export { maxBytes as maxDeploymentBytes } from './source-text.js';
export type { LoadedDeployment, LoadInput } from './load-deployment.js';
export { targetValues } from './targets.js';
export { renderTemplate, templatePaths } from './template.js';
