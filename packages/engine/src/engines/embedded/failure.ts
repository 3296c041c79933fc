import { UserError, type Problem } from '@nx-nixpack/base';

/** The same error in words for people when the build or the disk is the reason, the error itself otherwise. */
export function explainFailure(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UserError(storeFull(code), { cause: error });
  if (code === 'ENAMETOOLONG') return new UserError(TOO_DEEP, { cause: error });
  return error;
}

const storeFull = (code: string): Problem => ({
  code: 'STORE_FULL',
  message: `The store has no room left (${code})`,
  hint: 'Make room on its disk, or set NX_NIXPACK_STORE to a directory on a larger one.',
});

const TOO_DEEP: Problem = {
  code: 'UNSUPPORTED',
  message: 'The build leaves directories nested deeper than the 4096 bytes that a path may have',
  hint: 'Remove them at the end of the phase that makes them.',
};
