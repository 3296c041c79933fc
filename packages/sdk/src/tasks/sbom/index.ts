export { describeSbom } from './describe.js';
export { writeSbom } from './task.js';
export type { WriteSbomRequest, WrittenSbom } from './task.js';
