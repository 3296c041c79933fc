export { describeProvision } from './describe-provision.js';
export { archivesOf, fetchArchives } from './fetch-provision.js';
export { resolveProvision } from './resolve-provision.js';
