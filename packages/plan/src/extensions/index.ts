import type { Amendment } from '../amendments/amendment.js';

/**
 * What we answer where nixpacks finds nothing, or something that would not run: mostly start commands. Each is asked in this
 * order, with what the ones before it changed. docs/concepts/extensions.md says what they do; `extensions: false` leaves them out.
 */
export const EXTENSIONS: readonly Amendment[] = [];
