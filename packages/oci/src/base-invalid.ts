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

/**
 * What our own checks of a foreign layer throw are plain errors that say what is wrong; this adds where it is.
 * Anything else is not the layer's fault and stays as it is, except failures with one of `codes`.
 */
export function explained(
  error: unknown,
  layer: string,
  path: string,
  codes: readonly string[] = [],
): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const ours = code === undefined ? isPlainError(error) : codes.includes(code);
  if (!ours) return error;
  return baseInvalid(
    `layer ${layer}: entry ${JSON.stringify(path.slice(0, 300))}: ${message}`,
    error,
  );
}

const isPlainError = (error: unknown): boolean =>
  error instanceof Error && error.constructor === Error;
