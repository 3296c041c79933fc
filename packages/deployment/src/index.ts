export type {
  BaseVars,
  Component,
  ComponentId,
  ConsumerComponent,
  Deployment,
  ImageVars,
  NixpackComponent,
  NixpackSettings,
  NixpackVars,
  Target,
} from './component.js';
export { deploymentJsonSchema, referenceTables } from './reference.js';
export type { ReferenceRow } from './reference.js';
export { deploymentNameIn, emptyDeployment, withImageComponent } from './edit-deployment.js';
export { loadDeployment } from './load-deployment.js';
export type { LoadedDeployment } from './load-deployment.js';
export type { LoadInput } from './load-input.js';
export type { BrokenComponent } from './healthy-part.js';
export type { WorkspaceFacts } from './rules/components.js';
export { checkWorkspace } from './rules/workspace.js';
export type { WorkspaceProblem } from './rules/workspace.js';
export { parseBaseReference } from './schema/base-reference.js';
export type { BaseReference } from './schema/base-reference.js';
export type { ComponentType } from './schema/component-types.js';
export type { KnownNames } from './schema/known-names.js';
export { DEFAULT_TOOLCHAIN, TOOLCHAIN_NAMES } from './schema/settings.js';
export type { Secret, ToolchainName } from './schema/settings.js';
export { parseTemplate, pathsOf, renderTemplate } from './templates/template.js';
export type { Template } from './templates/template.js';
export { targetValues } from './templates/values.js';
export { maxBytes as maxDeploymentBytes } from './yaml/source-text.js';
