import { sanitize, UserError } from '@nx-nixpack/base';

/** An archive that is not what an archive of its kind is, or that wants what none may. */
export const archiveInvalid = (message: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'ARCHIVE_INVALID',
      message: sanitize(message),
      hint: 'Do not use it. Ask whoever publishes it, or name another version.',
    },
    cause === undefined ? {} : { cause },
  );
