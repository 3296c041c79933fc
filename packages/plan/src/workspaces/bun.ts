import { nodeEcosystem } from './node/claim.js';

/** Recognised only. */
export const bun = nodeEcosystem('bun');
