import type { Amendment } from '../amendments/amendment.js';

/**
 * What of a plan is there for Nix' sake alone, undone when something else brings the programs (`toolchain: base`, `debian`).
 */
export const ADAPTATIONS: readonly Amendment[] = [];
