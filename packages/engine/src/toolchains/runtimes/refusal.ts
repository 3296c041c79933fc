import { UserError } from '@nx-nixpack/base';
import type { RuntimeWish } from '@nx-nixpack/plan';

/** For what no channel has, whatever the version. */
export const absenceRefusal = (wish: RuntimeWish, reason: string): UserError =>
  new UserError({
    code: 'TOOLCHAIN_UNAVAILABLE',
    message: `No channel of toolchain: debian has ${wish.name}: ${reason}`,
    hint: 'Write toolchain: base with a build_image that has it.',
  });
