export type { Edge } from '@nx-nixpack/plan';
export { describePlan } from './describe.js';
export type { DescribeOptions } from './describe.js';
export { planImage, writePlan } from './task.js';
export type { PlanImageRequest, PlannedImage } from './task.js';
