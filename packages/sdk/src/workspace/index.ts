export { KNOWN_NAMES } from '../known-names.js';
export { findComponent } from './find-component.js';
export type { Described } from './find-component.js';
export { readWorkspace } from './read-workspace.js';
export type { ReadOptions, Workspace } from './read-workspace.js';
export { workspaceModel } from './workspace-model.js';
export type { WorkspaceModel } from './workspace-model.js';
