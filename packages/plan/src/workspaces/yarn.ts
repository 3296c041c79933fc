import { nodeEcosystem } from './node/claim.js';

/** Recognised only. */
export const yarn = nodeEcosystem('yarn');
