export { describePush } from './describe.js';
export { pushImage } from './task.js';
export type { PushedImage, PushImageRequest } from './task.js';
