import type { ResolvedOptions } from './options.js';

/**
 * The environment can ask for more than nx.json does, never for less: a job that publishes sets it for itself. Whatever
 * is not plainly a no is a yes, for a misspelled value must not open the door.
 */
export const signedResultsRequired = (
  { requireSignedResults }: Pick<ResolvedOptions, 'requireSignedResults'>,
  environment: Readonly<Record<string, string | undefined>>,
): boolean =>
  requireSignedResults ||
  !['', '0', 'false'].includes(environment['NX_NIXPACK_REQUIRE_SIGNED_RESULTS'] ?? '');
