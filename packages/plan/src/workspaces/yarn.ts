import { nodeEcosystem } from './node/claim.js';

/** Recognized only. */
export const yarn = nodeEcosystem('yarn');
