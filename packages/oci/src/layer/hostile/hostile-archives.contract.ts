import type { HostileArchive } from './hostile-archive.contract.js';
import { LINKS } from './links.contract.js';
import { MALFORMED } from './malformed.contract.js';
import { NAMES } from './names.contract.js';
import { SPECIAL } from './special.contract.js';
import { WHITEOUTS } from './whiteouts.contract.js';

/** Every archive that is known to have deceived some tool, and what ours makes of it. */
export const HOSTILE_ARCHIVES: readonly HostileArchive[] = [
  ...NAMES,
  ...LINKS,
  ...WHITEOUTS,
  ...SPECIAL,
  ...MALFORMED,
];
