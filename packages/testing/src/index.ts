export { loopbackTransport } from './loopback-transport.js';
export type { Reply } from './registry/exchange.js';
export type { Fault, FaultAction } from './registry/faults.js';
export { startRegistry } from './registry/start-registry.js';
export type { RecordedRequest, RegistryOptions, TestRegistry } from './registry/start-registry.js';
export { scriptedRunner } from './scripted-runner.js';
export type { Script, ScriptedRunner } from './scripted-runner.js';
