import { createNodes } from './graph/create-nodes.js';

export const name = 'nx-nixpack';
export { createNodes };
/** The name under which Nx 22 looks for the same function. */
export const createNodesV2 = createNodes;
export { createDependencies } from './graph/create-dependencies.js';
export type { PluginOptions } from './options/options.js';
