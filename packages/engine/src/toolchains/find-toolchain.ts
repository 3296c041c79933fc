import { UserError } from '@nx-nixpack/base';
import { TOOLCHAINS } from './index.js';
import type { Toolchain } from './toolchain.js';

/** The toolchain of a name. Throws UserError UNSUPPORTED for one that is not there yet. */
export function findToolchain(
  name: string,
  toolchains: readonly Toolchain[] = TOOLCHAINS,
): Toolchain {
  const found = toolchains.find((toolchain) => toolchain.name === name);
  if (found) return found;
  const known = toolchains.map((toolchain) => toolchain.name).join(', ');
  throw new UserError({
    code: 'UNSUPPORTED',
    message: `The toolchain "${name}" is not supported yet`,
    hint: `Set toolchain: ${known} and name a build_image that brings the tools of the plan.`,
  });
}
