export { describeBuild } from './describe.js';
export { buildImage } from './task.js';
export type { BuildImageRequest, BuiltComponent } from './task.js';
export { archiveFetcher } from '../../provision/archive-fetcher.js';
