import type { Cataloger } from '../cataloger.js';
import { dpkg } from './dpkg.js';
import { go } from './go.js';
import { npm } from './npm.js';
import { python } from './python.js';
import { runtime } from './runtime.js';

/** Every cataloger, one a file of this folder. */
export const CATALOGERS: readonly Cataloger[] = [dpkg, go, npm, python, runtime];
