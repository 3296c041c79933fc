import { sanitize, UserError } from '@nx-nixpack/base';

const HINT =
  'Choose another base image, or build this one again with a tool that follows the OCI specification.';

/** A foreign image that breaks the OCI specification or our limits. `message` may hold foreign text. */
export function baseInvalid(message: string, cause?: unknown): UserError {
  return new UserError(
    { code: 'BASE_INVALID', message: sanitize(message), hint: HINT },
    cause === undefined ? {} : { cause },
  );
}
