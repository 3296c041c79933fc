/** What is asked of every workspace at every Nx command: nothing of it plans, so that no language has to be loaded. */
export { pathGlob } from './ignore/path-glob.js';
export { sourceTree } from './source/listed-tree.js';
export type { SourceTree } from './source/source-tree.js';
export { isMember } from './workspaces/index.js';
export { watchedPaths } from './workspaces/watch.js';
