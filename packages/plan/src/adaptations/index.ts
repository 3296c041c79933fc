import type { Amendment } from '../amendments/amendment.js';
import { withoutCorepack } from './corepack.js';
import { mavenBesideGradle } from './java.js';
import { phpAlone } from './php.js';
import { withoutRbenv } from './ruby.js';
import { withoutRunImage } from './run-image.js';
import { withoutMusl } from './rust.js';
import { unprivilegedNginx } from './static.js';

/**
 * What of a plan is there for Nix' sake alone, undone when something else brings the programs (`toolchain: base`, `debian`).
 */
export const ADAPTATIONS: readonly Amendment[] = [
  withoutRbenv,
  withoutMusl,
  withoutRunImage,
  mavenBesideGradle,
  phpAlone,
  withoutCorepack,
  unprivilegedNginx,
];
