import { nodeEcosystem } from './node/claim.js';

/** Recognized only. */
export const bun = nodeEcosystem('bun');
