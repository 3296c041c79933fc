export type { BuildPlan, Hints, Phase, StartPhase } from './build-plan.js';
export type { Closure, Edge, Member, Planned } from './closure.js';
export { parseIgnore } from './ignore/gitignore.js';
export type { IgnoreRules } from './ignore/gitignore.js';
export type { Arch, Environment, Provided, Provider } from './provider.js';
export type { SourceTree } from './source-tree.js';
