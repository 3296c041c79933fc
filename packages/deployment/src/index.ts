export { checkWorkspace } from './rules/workspace.js';
export type { WorkspaceFacts } from './rules/components.js';
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
export { maxBytes as maxDeploymentBytes } from './yaml/source-text.js';
export type { LoadedDeployment, LoadInput } from './load-deployment.js';
export { targetValues } from './templates/values.js';
export { renderTemplate, templatePaths } from './templates/template.js';
