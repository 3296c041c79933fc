import { base } from './base.js';
import { debian } from './debian.js';
import type { Toolchain } from './toolchain.js';

/** Every toolchain, the one that is advised first. */
export const TOOLCHAINS: readonly Toolchain[] = [debian, base];
