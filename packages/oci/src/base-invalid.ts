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

export const OTHER_CONTENT =
  'Choose other content, or make this again with a tool that follows the OCI specification.';

/** What reads something that nobody took as a base: the advice about bases gives way to another. */
export async function withHint<T>(hint: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UserError) || error.hint !== HINT) throw error;
    const { code, message, at } = error;
    throw new UserError({ code, message, hint, at }, { cause: error });
  }
}
