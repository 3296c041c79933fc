export type { BuildPlan, Hints, Phase, RuntimeWish, StartPhase } from './plan/build-plan.js';
export {
  closure,
  plainLayout,
  undeclaredImports,
  wholeWorkspace,
  WORKSPACES,
} from './workspaces/index.js';
export type { ContextFile, Ecosystem } from './workspaces/ecosystem.js';
export { CREDENTIAL_FORMATS, mayHoldCredentials, sourceCredentials } from './credentials/index.js';
export type { Closure } from './workspaces/ecosystem.js';
export type { Edge, Member, Planned } from './workspaces/model.js';
export { explanationText, oursText } from './plan/explanation.js';
export type { Choice, Decision, Detection, Explanation } from './plan/explanation.js';
export { generatePlan } from './generate/generate-plan.js';
export type { GeneratedPlan, PlanOptions } from './generate/generate-plan.js';
export { ADAPTATIONS } from './adaptations/index.js';
export type { Amendment } from './amendments/amendment.js';
export { EXTENSIONS } from './extensions/index.js';
export { parseDockerignore } from './ignore/dockerignore.js';
export type { DockerignoreRules } from './ignore/dockerignore.js';
export { parseIgnore } from './ignore/gitignore.js';
export type { IgnoreRules } from './ignore/gitignore.js';
export { pathGlob } from './ignore/path-glob.js';
export { lift } from './workspaces/lift.js';
export { sourceTree } from './source/listed-tree.js';
export type { SourceTreeOptions } from './source/listed-tree.js';
export { overlay } from './workspaces/overlay.js';
export { phaseOrder } from './plan/phase-order.js';
export { parsePlan } from './plan/plan-reader.js';
export type { Arch, Environment, Provided, Provider, PlanContext } from './languages/provider.js';
export { PROVIDERS } from './languages/index.js';
export type { SourceTree } from './source/source-tree.js';
