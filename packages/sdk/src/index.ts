export { buildImage, describeBuild } from './tasks/build/index.js';
export type { BuildImageRequest, BuiltComponent } from './tasks/build/index.js';
export { describePlan, planImage, writePlan } from './tasks/plan/index.js';
export type { PlanImageRequest, PlannedImage } from './tasks/plan/index.js';
export { describePush, pushImage } from './tasks/push/index.js';
export type { PushedImage, PushImageRequest } from './tasks/push/index.js';
export type {
  ImageRecord,
  PlanRecord,
  PublishRecord,
  PushRecord,
  SbomRecord,
} from './records/records.js';
export { findComponent, readWorkspace } from './workspace/index.js';
export type { Workspace } from './workspace/index.js';
export { describeSbom, writeSbom } from './tasks/sbom/index.js';
export type { WriteSbomRequest } from './tasks/sbom/index.js';
